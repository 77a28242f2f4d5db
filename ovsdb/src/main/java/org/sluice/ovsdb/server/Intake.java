package org.sluice.ovsdb.server;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * How much all clients together have sent of messages that are not whole yet: each may send a long
 * one, but not all at once, or the server would run out of memory. Whoever has sent most is
 * disconnected then. Safe for any thread.
 */
final class Intake {
  /** A client; compared by identity. */
  interface Sender {
    /** Breaks the connection off. */
    void disconnect(String why);
  }

  /** From what length on a message would hold up others while it is taken apart. */
  static final int LONG_MESSAGE = 1 << 18;

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

  /** Who has to go, and how much there was then. */
  private record Excess(Sender greatest, long bytes) {}

  /** A client takes that much memory now for what is still to come of its message. */
  void hold(Sender client, int bytes) {
    note(client, bytes);
    // Without the lock: to disconnect may have to wait for the writer thread, which may wait for
    // it.
    for (Excess excess = excess(); excess != null; excess = excess()) {
      excess
          .greatest()
          .disconnect(
              "%d bytes of unfinished messages have come, disconnecting who sent most"
                  .formatted(excess.bytes()));
    }
  }

  private synchronized void note(Sender client, int bytes) {
    release(client);
    if (bytes > SHORT) {
      held.put(client, bytes);
      heldBytes += bytes;
    }
  }

  /** Takes the greatest off the account; null if there is room for all. */
  private synchronized Excess excess() {
    if (heldBytes <= maxBytes) {
      return null;
    }
    Excess excess = new Excess(greatest(), heldBytes);
    release(excess.greatest());
    return excess;
  }

  private Sender greatest() {
    return held.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** A client's message is whole, or the client gone. */
  synchronized void release(Sender client) {
    Integer bytes = held.remove(client);
    heldBytes -= bytes == null ? 0 : bytes;
  }

  /** Long messages are dealt with one after the other; their trees are longer still. */
  Semaphore parsers() {
    return parsers;
  }
}
