package org.sluice.tools.ovs;

import java.util.Map;
import org.sluice.base.log.VlogRegistry;

/**
 * What the launcher, as a daemon's supervisor, tells the daemon that it has started again after a
 * fault, in variables of the environment: {@code SLUICE_CRASH} is what happened, {@code
 * SLUICE_BACKTRACE} where, one frame to a line. Immutable.
 */
record CrashReport(String what, String where) {
  /** What the environment says; both texts are empty where there was no fault. */
  static CrashReport of(Map<String, String> environment) {
    return new CrashReport(
        environment.getOrDefault("SLUICE_CRASH", ""),
        environment.getOrDefault("SLUICE_BACKTRACE", ""));
  }

  /** Writes it to the log, in the name of the supervisor. */
  void writeTo(VlogRegistry registry) throws InterruptedException {
    if (what.isEmpty()) {
      return;
    }
    Thread monitor =
        Thread.ofPlatform()
            .name("monitor")
            .start(() -> {
              if (!where.isEmpty()) {
                registry.vlog("backtrace").warn("SIGSEGV detected, backtrace:\n%s", where);
              }
              registry.vlog("daemon_unix").err("%s", what);
            });
    monitor.join();
  }
}
