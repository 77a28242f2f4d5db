package org.sluice.tools.options;

import org.sluice.base.log.VlogRegistry;

/**
 * Ends a tool that has waited longer than its {@code --timeout}, with the message and the status
 * that an alarm signal would give it.
 */
public final class Deadline {
  private static final int SIGALRM_STATUS = 128 + 14;

  private Deadline() {}

  /** Starts the clock. */
  public static void start(long seconds, VlogRegistry registry) {
    start(seconds, registry, () -> {});
  }

  /** Starts the clock; {@code cleaning} is done before the end. */
  public static void start(long seconds, VlogRegistry registry, Runnable cleaning) {
    Thread.ofPlatform()
        .daemon()
        .name("SIGALRM handler")
        .start(() -> await(seconds, registry, cleaning));
  }

  private static void await(long seconds, VlogRegistry registry, Runnable cleaning) {
    try {
      Thread.sleep(seconds * 1000);
    } catch (InterruptedException _) {
      return;
    }
    registry.vlog("fatal_signal").warn("terminating with signal 14 (Alarm clock)");
    cleaning.run();
    Runtime.getRuntime().halt(SIGALRM_STATUS);
  }
}
