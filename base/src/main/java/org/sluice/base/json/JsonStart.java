package org.sluice.base.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Begins to make the library for JSON ready while the process starts with other things: its first
 * use sets up date formats with their locales, and powers of ten with thousands of digits, which
 * takes long in code that is not compiled yet. Used by one thread, which uses no JSON before {@link
 * #await} returns: classes that two threads set up from two ends might wait for each other.
 */
public final class JsonStart {
  private final Thread thread = Thread.ofPlatform().daemon().name("json").start(JsonStart::read);

  private static void read() {
    try {
      new ObjectMapper().readTree("{}");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an object that is none", e);
    }
  }

  /** Waits until it is ready. */
  public void await() throws InterruptedException {
    thread.join();
  }
}
