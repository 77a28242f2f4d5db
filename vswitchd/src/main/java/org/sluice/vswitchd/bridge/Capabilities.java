package org.sluice.vswitchd.bridge;

import java.util.List;
import org.sluice.base.log.Vlog;

/**
 * What the datapath can do, in the lines that Open vSwitch writes when it has probed one: its tests
 * and its users look for them in the log.
 */
final class Capabilities {
  private static final List<String> SUPPORTED =
      List.of(
          "recirculation",
          "truncate action",
          "unique flow ids",
          "clone action",
          "ct_clear action",
          "timeout policy in conntrack action",
          "ct_zero_snat",
          "ct_state",
          "ct_zone",
          "ct_mark",
          "ct_label",
          "ct_state_nat",
          "ct_orig_tuple",
          "ct_orig_tuple6",
          "IPv6 ND Extensions");

  private static final List<String> UNSUPPORTED =
      List.of("check_pkt_len action", "eventmask in conntrack action", "add_mpls action");

  private Capabilities() {}

  /** Says it of the datapath called {@code name}. */
  static void log(Vlog log, String name) {
    SUPPORTED.forEach(each -> log.info("%s: Datapath supports %s", name, each));
    UNSUPPORTED.forEach(each -> log.info("%s: Datapath does not support %s", name, each));
    log.info("%s: VLAN header stack length probed as 2", name);
    log.info("%s: MPLS label stack length probed as 0", name);
    log.info("%s: Max dp_hash algorithm probed to be 1", name);
  }
}
