package org.sluice.tools.ovs;

import java.nio.file.Path;

/** Where sockets and pidfiles lie. */
final class RunDirectory {
  private RunDirectory() {}

  /** {@code OVS_RUNDIR}, or where Debian has it. */
  static Path fromEnvironment() {
    String set = System.getenv("OVS_RUNDIR");
    return Path.of(set == null || set.isEmpty() ? "/var/run/openvswitch" : set);
  }
}
