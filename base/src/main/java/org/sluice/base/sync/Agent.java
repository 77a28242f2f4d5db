package org.sluice.base.sync;

/**
 * A loop turned inside out: whoever owns the thread calls {@link #doWork} again and again.
 *
 * <p>The same product so runs on many threads, on one, or stepped by a test under a stopped clock.
 * An agent's state belongs to the one thread that steps it; others send it commands.
 */
public interface Agent {
  /** A short name for logs and thread names, such as {@code pmd0}. */
  String name();

  /**
   * Does what there is to do now, bounded, never blocking.
   *
   * @param nowNs monotonic time
   * @return how much was done; 0 lets the caller back off
   */
  int doWork(long nowNs);

  /** Called once on the agent's own thread after the last {@link #doWork}. */
  default void onClose() {}
}
