package org.sluice.bench.peer;

import java.io.IOException;

/** Waiting for another process. Stateless. */
public final class Pause {
  private Pause() {}

  public static void ms(long ms) throws IOException {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
