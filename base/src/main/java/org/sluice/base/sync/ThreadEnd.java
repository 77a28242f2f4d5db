package org.sluice.base.sync;

/** Waiting for the end of a thread that has been told to end. Stateless. */
public final class ThreadEnd {
  private ThreadEnd() {}

  /**
   * Returns when {@code thread} is over. An interrupt does not end the wait, for what the thread
   * owns is about to be closed; it is kept for later.
   */
  public static void await(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
