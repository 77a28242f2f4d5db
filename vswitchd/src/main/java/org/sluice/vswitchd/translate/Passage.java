package org.sluice.vswitchd.translate;

import java.util.concurrent.atomic.AtomicLong;
import org.sluice.datapath.datapath.Datapath;

/**
 * Which changes all packet threads have come past: the steps in which they could still see what was
 * before, and install it, have ended.
 *
 * <p>They are asked one question at a time, and answer on their own threads; everything else is for
 * the thread whose turn it is in the {@link Revalidator}.
 */
final class Passage {
  /** Stands for no change. */
  static final long NEVER = -1;

  private static final long GRACE_NS = 1_000_000L;

  private final Datapath datapath;
  private final AtomicLong passed = new AtomicLong(NEVER);
  private volatile Runnable listener = () -> {};
  private long asked = NEVER;
  private long askedNs;

  Passage(Datapath datapath) {
    this.datapath = datapath;
  }

  /** Has {@code newListener} run, by the packet thread that came last, after each answer. */
  void onPassed(Runnable newListener) {
    listener = newListener;
  }

  /** The last change that all have come past. Any thread. */
  long passed() {
    return passed.get();
  }

  /** Whether all have come past a change, or that was waited for enough. Asks them if need be. */
  boolean isThrough(long sequence, long nowNs) {
    if (passed.get() >= sequence) {
      return true;
    }
    if (passed.get() >= asked) {
      asked = sequence;
      askedNs = nowNs;
      var _ = datapath.fence().thenRun(() -> pass(sequence));
    }
    return passed.get() >= asked || nowNs - askedNs >= GRACE_NS;
  }

  private void pass(long sequence) {
    passed.accumulateAndGet(sequence, Math::max);
    listener.run();
  }
}
