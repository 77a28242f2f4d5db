package org.sluice.ovsdb.server;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * How much all clients together have sent of messages that are not whole yet: each may send a long
 * one, but not all at once, or the server would run out of memory. Whoever has sent most is
 * disconnected then. Belongs to the writer thread, but for {@link #parsers}, which any thread may
 * use.
 */
final class Intake {
  /** A client. */
  interface Sender {
    /** Breaks the connection off. */
    void disconnect(String why);
  }

  /** What is always allowed. */
  private static final int SHORT = 1 << 20;

  private final long maxBytes;
  private final IdentityHashMap<Sender, Integer> held = new IdentityHashMap<>();
  private final Semaphore parsers = new Semaphore(1);
  private long heldBytes;

  /** Allows {@code maxBytes} of long unfinished messages. */
  Intake(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** A client takes that much memory now for what is still to come of its message. */
  void hold(Sender client, int bytes) {
    release(client);
    if (bytes <= SHORT) {
      return;
    }
    held.put(client, bytes);
    heldBytes += bytes;
    while (heldBytes > maxBytes) {
      Sender greatest = greatest();
      greatest.disconnect(
          "%d bytes of unfinished messages have come, disconnecting who sent most"
              .formatted(heldBytes));
      release(greatest);
    }
  }

  private Sender greatest() {
    return held.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** A client's message is whole, or the client gone. */
  void release(Sender client) {
    Integer bytes = held.remove(client);
    heldBytes -= bytes == null ? 0 : bytes;
  }

  /** Long messages are dealt with one after the other; their trees are longer still. */
  Semaphore parsers() {
    return parsers;
  }
}
