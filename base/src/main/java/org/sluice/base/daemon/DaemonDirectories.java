package org.sluice.base.daemon;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where things are, as the environment says or else as Debian has it.
 *
 * @param run sockets and pidfiles ({@code OVS_RUNDIR})
 * @param log log files ({@code OVS_LOGDIR})
 * @param db databases ({@code OVS_DBDIR}, else {@code openvswitch} in {@code OVS_SYSCONFDIR})
 * @param sysconf configuration ({@code OVS_SYSCONFDIR})
 * @param packageData schemas ({@code OVS_PKGDATADIR})
 */
public record DaemonDirectories(Path run, Path log, Path db, Path sysconf, Path packageData) {
  /** Reads them from {@code environment}; an empty value counts as none. */
  public static DaemonDirectories fromEnvironment(Map<String, String> environment) {
    Path sysconf = directory(environment, "OVS_SYSCONFDIR", Path.of("/etc"));
    return new DaemonDirectories(
        directory(environment, "OVS_RUNDIR", Path.of("/var/run/openvswitch")),
        directory(environment, "OVS_LOGDIR", Path.of("/var/log/openvswitch")),
        directory(environment, "OVS_DBDIR", sysconf.resolve("openvswitch")),
        sysconf,
        directory(environment, "OVS_PKGDATADIR", Path.of("/usr/share/openvswitch")));
  }

  private static Path directory(Map<String, String> environment, String name, Path otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : Path.of(value);
  }
}
