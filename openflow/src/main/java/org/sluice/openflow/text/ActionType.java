package org.sluice.openflow.text;

import java.util.StringJoiner;
import org.sluice.openflow.message.OfVersion;

/**
 * Actions as feature lists name them, in the order in which they are shown; with their numbers in
 * 1.0, in 1.1 and from 1.2 on, -1 where there is none.
 */
public enum ActionType {
  OUTPUT("output", 0, 0, 0),
  GROUP("group", -1, 22, 22),
  ENQUEUE("enqueue", 11, -1, -1),
  SET_FIELD("set_field", -1, -1, 25),
  SET_VLAN_VID("set_vlan_vid", 1, 1, -1),
  SET_VLAN_PCP("set_vlan_pcp", 2, 2, -1),
  STRIP_VLAN("strip_vlan", 3, 18, 18),
  PUSH_VLAN("push_vlan", -1, 17, 17),
  SET_ETH_SRC("mod_dl_src", 4, 3, -1),
  SET_ETH_DST("mod_dl_dst", 5, 4, -1),
  SET_IPV4_SRC("mod_nw_src", 6, 5, -1),
  SET_IPV4_DST("mod_nw_dst", 7, 6, -1),
  SET_IP_DSCP("mod_nw_tos", 8, 7, -1),
  SET_IP_ECN("mod_nw_ecn", -1, 8, -1),
  SET_IP_TTL("mod_nw_ttl", -1, 23, 23),
  SET_L4_SRC("mod_tp_src", 9, 9, -1),
  SET_L4_DST("mod_tp_dst", 10, 10, -1),
  DEC_TTL("dec_ttl", -1, 24, 24),
  SET_MPLS_LABEL("set_mpls_label", -1, 13, -1),
  SET_MPLS_TC("set_mpls_tc", -1, 14, -1),
  SET_MPLS_TTL("set_mpls_ttl", -1, 15, 15),
  DEC_MPLS_TTL("dec_mpls_ttl", -1, 16, 16),
  PUSH_MPLS("push_mpls", -1, 19, 19),
  POP_MPLS("pop_mpls", -1, 20, 20),
  SET_QUEUE("set_queue", -1, 21, 21);

  private final String text;
  private final int in10;
  private final int in11;
  private final int in12;

  ActionType(String text, int in10, int in11, int in12) {
    this.text = text;
    this.in10 = in10;
    this.in11 = in11;
    this.in12 = in12;
  }

  private int number(OfVersion version) {
    return switch (version) {
      case OF10 -> in10;
      case OF11 -> in11;
      default -> in12;
    };
  }

  /** The names of those whose bits are set, with spaces between; what is not known is left out. */
  public static String names(int bits, OfVersion version) {
    StringJoiner names = new StringJoiner(" ");
    for (ActionType type : values()) {
      int number = type.number(version);
      if (number >= 0 && (bits >>> number & 1) != 0) {
        names.add(type.text);
      }
    }
    return names.toString();
  }
}
