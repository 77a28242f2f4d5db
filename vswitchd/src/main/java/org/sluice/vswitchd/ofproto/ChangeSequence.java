package org.sluice.vswitchd.ofproto;

import java.util.concurrent.atomic.AtomicLong;

/** Counts changes of anything that a translation may rest on. Any thread. */
public final class ChangeSequence {
  private final AtomicLong count = new AtomicLong();
  private volatile Runnable listener = () -> {};

  /** How many changes there have been. */
  public long get() {
    return count.get();
  }

  /** Has {@code newListener} run after each change, by whoever made it; it must not wait. */
  void onChange(Runnable newListener) {
    listener = newListener;
  }

  /** Notes that something has changed; called after it has. */
  public void advance() {
    count.incrementAndGet();
    listener.run();
  }
}
