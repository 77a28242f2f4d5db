package org.sluice.datapath.conntrack.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for a few hundred instructions, taken by packet threads: allocates nothing, is not
 * reentrant, and gives the processor away if its holder seems not to be running.
 */
public class SpinLock {
  private static final int SPINS_BEFORE_YIELD = 100;
  private static final VarHandle HELD;

  static {
    try {
      HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // through HELD
  private int held;

  /** Takes the lock, waiting for it if need be. */
  public final void lock() {
    if (!HELD.compareAndSet(this, 0, 1)) {
      waitForLock();
    }
  }

  private void waitForLock() {
    int spins = 0;
    while ((int) HELD.getOpaque(this) != 0 || !HELD.compareAndSet(this, 0, 1)) {
      pause(++spins);
    }
  }

  /** Gives the lock back. */
  public final void unlock() {
    assert isLocked() : "not locked";
    HELD.setRelease(this, 0);
  }

  /** Whether some thread holds it. */
  final boolean isLocked() {
    return (int) HELD.getOpaque(this) != 0;
  }

  /** Waits a little; {@code spins} counts the calls for one lock. */
  @SuppressWarnings("ThreadPriorityCheck") // the holder may be waiting for this very processor
  static void pause(int spins) {
    if (spins % SPINS_BEFORE_YIELD == 0) {
      Thread.yield();
    } else {
      Thread.onSpinWait();
    }
  }
}
