package org.sluice.vswitchd.ofproto;

import java.util.concurrent.atomic.AtomicLong;

/** Counts changes of anything that a translation may rest on. Any thread. */
public final class ChangeSequence {
  private final AtomicLong count = new AtomicLong();

  /** How many changes there have been. */
  public long get() {
    return count.get();
  }

  /** Notes that something has changed; called after it has. */
  public void advance() {
    count.incrementAndGet();
  }
}
