package org.sluice.datapath.datapath;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many packet-outs wait for one packet thread: controllers can send faster than it works, and
 * each holds a frame. Any thread.
 */
final class PacketOutGate {
  /** Some of what a controller sends at once, little of the memory there is. */
  static final int MOST_WAITING = 4096;

  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  /** Whether one more may wait; one that may not is counted. */
  boolean enter() {
    if (waiting.incrementAndGet() <= MOST_WAITING) {
      return true;
    }
    waiting.decrementAndGet();
    refused.incrementAndGet();
    return false;
  }

  /** One that was let in has had its turn. */
  void leave() {
    waiting.decrementAndGet();
  }

  /** How many were refused since this was asked last. */
  int takeRefused() {
    return refused.get() == 0 ? 0 : refused.getAndSet(0);
  }
}
