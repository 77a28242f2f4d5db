package org.sluice.tools.ovs;

/** Ends a tool that has waited longer than its {@code --timeout}, as an alarm signal would. */
public final class Deadline {
  private static final int SIGALRM_STATUS = 128 + 14;

  private Deadline() {}

  /** Starts the clock. */
  public static void start(long seconds) {
    Thread.ofPlatform()
        .daemon()
        .name("deadline")
        .start(() -> {
          try {
            Thread.sleep(seconds * 1000);
          } catch (InterruptedException e) {
            return;
          }
          Runtime.getRuntime().halt(SIGALRM_STATUS);
        });
  }
}
