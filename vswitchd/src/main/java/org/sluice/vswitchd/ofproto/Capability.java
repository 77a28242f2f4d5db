package org.sluice.vswitchd.ofproto;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sluice.base.log.Vlog;
import org.sluice.datapath.packet.Parser;

/**
 * What the datapath can do, in Open vSwitch's words: the lines that it logs when it has probed one,
 * the keys that it writes into the database's {@code Datapath} table, which controllers rely on,
 * and what {@code dpif/show-dp-features} calls them.
 */
public enum Capability {
  MASKED_SET_ACTION("masked_set_action", "Masked set action", null, true),
  TNL_PUSH_POP("tnl_push_pop", "Tunnel push pop", null, false),
  UFID("ufid", "Ufid", "unique flow ids", true),
  TRUNC("trunc", "Truncate action", "truncate action", true),
  CLONE("clone", "Clone action", "clone action", true),
  SAMPLE_NESTING("sample_nesting", "Sample nesting", "Max sample nesting level probed as", 0),
  CT_EVENTMASK("ct_eventmask", "Conntrack eventmask", "eventmask in conntrack action", false),
  CT_CLEAR("ct_clear", "Conntrack clear", "ct_clear action", true),
  MAX_HASH_ALG("max_hash_alg", "Max dp_hash algorithm", "Max dp_hash algorithm probed to be", 1),
  CHECK_PKT_LEN("check_pkt_len", "Check pkt length action", "check_pkt_len action", true),
  CT_TIMEOUT("ct_timeout", "Conntrack timeout policy", "timeout policy in conntrack action", true),
  EXPLICIT_DROP_ACTION(
      "explicit_drop_action", "Explicit Drop action", "explicit drop action", false),
  LB_OUTPUT_ACTION("lb_output_action", "Optimized Balance TCP mode", null, false),
  CT_ZERO_SNAT("ct_zero_snat", "Conntrack all-zero IP SNAT", "ct_zero_snat", true),
  ADD_MPLS("add_mpls", "MPLS Label add", "add_mpls action", false),
  PSAMPLE("psample", "psample action", "psample action", false),
  MAX_VLAN_HEADERS(
      "max_vlan_headers",
      "Max VLAN headers",
      "VLAN header stack length probed as",
      Parser.DEFAULT_VLAN_TAGS),
  MAX_MPLS_DEPTH("max_mpls_depth", "Max MPLS depth", "MPLS label stack length probed as", 0),
  RECIRC("recirc", "Recirc", "recirculation", true),
  CT_STATE("ct_state", "CT state", "ct_state", true),
  CT_ZONE("ct_zone", "CT zone", "ct_zone", true),
  CT_MARK("ct_mark", "CT mark", "ct_mark", true),
  CT_LABEL("ct_label", "CT label", "ct_label", true),
  CT_STATE_NAT("ct_state_nat", "CT state NAT", "ct_state_nat", true),
  CT_ORIG_TUPLE("ct_orig_tuple", "CT orig tuple", "ct_orig_tuple", true),
  CT_ORIG_TUPLE6("ct_orig_tuple6", "CT orig tuple for IPv6", "ct_orig_tuple6", true),
  ND_EXT("nd_ext", "IPv6 ND Extension", "IPv6 ND Extensions", true);

  private final String key;
  private final String title;
  private final String probed;
  private final boolean isNumber;
  private final int value;

  Capability(String key, String title, String probed, boolean isThere) {
    this(key, title, probed, false, isThere ? 1 : 0);
  }

  Capability(String key, String title, String probed, int value) {
    this(key, title, probed, true, value);
  }

  /**
   * What can be done, or how much of it.
   *
   * @param probed what the log calls it; null if it says nothing
   */
  Capability(String key, String title, String probed, boolean isNumber, int value) {
    this.key = key;
    this.title = title;
    this.probed = probed;
    this.isNumber = isNumber;
    this.value = value;
  }

  /** Says it of the datapath called {@code name}. */
  public static void log(Vlog log, String name) {
    for (Capability each : values()) {
      if (each.probed != null) {
        log.info("%s: %s", name, each.line());
      }
    }
  }

  private String line() {
    return isNumber
        ? probed + " " + value
        : "Datapath " + (value == 1 ? "supports " : "does not support ") + probed;
  }

  /** What the database says of a datapath. */
  public static Map<String, String> column() {
    Map<String, String> column = new LinkedHashMap<>();
    for (Capability each : values()) {
      // Open vSwitch writes a boolean here, whatever its documentation says.
      boolean isNumber = each.isNumber && each != SAMPLE_NESTING;
      column.put(
          each.key, isNumber ? Integer.toString(each.value) : Boolean.toString(each.value != 0));
    }
    column.put("ct_flush", "true");
    return column;
  }

  /** A line for each. */
  static String features() {
    StringBuilder text = new StringBuilder();
    for (Capability each : values()) {
      text.append(each.title).append(": ");
      text.append(each.isNumber ? each.value : each.value == 1 ? "Yes" : "No").append('\n');
    }
    return text.toString();
  }
}
