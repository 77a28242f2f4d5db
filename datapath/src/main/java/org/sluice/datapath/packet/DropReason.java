package org.sluice.datapath.packet;

/**
 * Why a packet ended here: every exit of the packet path but a transmission has its reason,
 * declared once.
 *
 * <p>A reason is a counter ({@code coverage/show} and {@code drops} show it by {@link #counter}), a
 * text for people, and what a trace prints. The counter names that Open vSwitch has are kept.
 */
public enum DropReason {
  // spotless:off
  NO_ACTION("drop_action_of_pipeline", "the flow table's verdict: no output"),
  RX_INVALID_PACKET("datapath_drop_rx_invalid_packet", "the frame is too short to be Ethernet"),
  INVALID_PORT("datapath_drop_invalid_port", "the output port does not exist"),
  UPCALL_ERROR("datapath_drop_upcall_error", "no translation could be had for a missed flow"),
  UPCALL_LIMITED("datapath_drop_miss_limit", "misses of this port exceed their rate limit"),
  PACKET_OUT_LIMITED("datapath_drop_packet_out_limit", "more packets wait to be sent for controllers than are kept"),
  RECIRCULATION_LIMIT("datapath_drop_recirc_error", "recirculated too often"),
  RECIRCULATION_UNKNOWN("drop_action_no_recirculation_context", "the recirculation id is not known any more"),
  HOOK("datapath_drop_hook", "a program's hook refused it"),
  METER("datapath_drop_meter", "over a meter's rate"),
  TRANSLATION_TOO_DEEP("drop_action_recursion_too_deep", "resubmits nest deeper than 64 levels"),
  TOO_MANY_RESUBMITS("drop_action_too_many_resubmit", "more than 4096 resubmits in one translation"),
  STACK_TOO_DEEP("drop_action_stack_too_deep", "the stack grew beyond 64 kB"),
  FORWARDING_DISABLED("drop_action_forwarding_disabled", "the port may not forward"),
  UNSUPPORTED_ACTION("drop_action_unsupported", "the matching rule has an action that is not supported"),
  BRIDGE_NOT_FOUND("drop_action_bridge_not_found", "the input port belongs to no bridge"),
  TX_QUEUE_FULL("netdev_drop_tx_full", "the device's transmit queue is full"),
  TX_ERROR("netdev_drop_tx_error", "the device refused the frame"),
  TX_TOO_LONG("netdev_drop_tx_too_long", "the frame is longer than the device's MTU allows"),
  VLAN_NOT_ALLOWED("bridge_drop_vlan", "the port does not carry the packet's VLAN"),
  RESERVED_MULTICAST("bridge_drop_reserved_multicast", "a bridge does not forward this link-local group address"),
  CT_INVALID_HEADER("conntrack_inv_header", "not trackable: a header is short, malformed or its port is 0"),
  CT_INVALID_CHECKSUM("conntrack_inv_checksum", "not trackable: the checksum is wrong"),
  CT_INVALID_TCP_FLAGS("conntrack_inv_tcp_flags", "not trackable: this TCP flag combination starts no connection"),
  CT_OUT_OF_WINDOW("conntrack_inv_window", "the TCP segment lies outside the connection's window"),
  CT_OVERLAP("conntrack_inv_overlap", "the TCP segment repeats sequence numbers with other bytes"),
  CT_SCTP_CHUNK("conntrack_inv_sctp_chunk", "not trackable: the SCTP packet's chunks are malformed or may not be together"),
  CT_SCTP_TAG("conntrack_inv_sctp_tag", "the SCTP packet does not carry its association's verification tag"),
  CT_NOT_OPENED("conntrack_inv_not_opened", "the zone follows no connection whose opening was not seen"),
  CT_STATE("conntrack_inv_state", "the packet does not fit the connection's state"),
  CT_UNRELATED_ICMP("conntrack_inv_icmp", "the ICMP message answers no known connection"),
  CT_FRAGMENT("conntrack_inv_fragment", "a fragment that is not reassembled for tracking"),
  CT_FRAGMENT_SMALL("conntrack_inv_fragment_small", "a fragment that is shorter than any but the last may be"),
  CT_FRAGMENT_OVERLAP("conntrack_inv_fragment_overlap", "a fragment of a datagram whose fragments overlap"),
  CT_FRAGMENT_REPEATED("conntrack_fragment_repeated", "a copy of a fragment that is held already"),
  CT_FRAGMENT_EXPIRED("conntrack_fragment_expired", "a fragment whose datagram was not complete in time"),
  CT_NAT_EXHAUSTED("conntrack_nat_exhausted", "no address and port are left to translate the connection to"),
  CT_NAT_CLASH("conntrack_nat_clash", "the connection's answers would be taken for a translated connection's"),
  CT_FULL("conntrack_full", "the connection table is full, so the packet cannot be translated"),
  CT_ZONE_LIMIT("conntrack_zone_full", "the zone's connection limit is reached, so the packet cannot be translated");
  // spotless:on

  private final String counter;
  private final String text;

  DropReason(String counter, String text) {
    this.counter = counter;
    this.text = text;
  }

  /**
   * Whether the packet may not go on, whatever the rules say: it would leave untranslated, or
   * twice.
   */
  public boolean isFinal() {
    return switch (this) {
      case CT_FRAGMENT_REPEATED, CT_NAT_EXHAUSTED, CT_NAT_CLASH, CT_FULL, CT_ZONE_LIMIT -> true;
      default -> false;
    };
  }

  /** The counter's name. */
  public String counter() {
    return counter;
  }

  /** What happened, for people. */
  public String text() {
    return text;
  }
}
