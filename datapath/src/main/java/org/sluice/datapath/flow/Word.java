package org.sluice.datapath.flow;

/**
 * Where each value lies in the words of a {@link FlowKey} or {@link FlowMask}.
 *
 * <p>Values are numbers in the machine's order, most significant bit on the left, so that most
 * words are one unaligned big-endian load from the frame. What is matched together lies together.
 *
 * <pre>
 *  word         63            48 47           32 31           16 15            0
 *  META_PORT    |            in_port           |           recirc_id           |
 *  META_HASH    |            dp_hash           |            pkt_mark           |
 *  META_TYPE    |         skb_priority         |          packet_type          |
 *  CT           |            ct_mark           |            ct_state           |
 *  CT_LABEL     |  high 64 bits, then low 64 bits in the next word             |
 *  ETH_SRC      |                  eth_src                     |    eth_type   |
 *  ETH_DST      |                  eth_dst                     |    vlan_tci   |
 *  VLAN         |  outer TPID   |  inner TPID  |  inner TCI    |       0       |
 *  MPLS         |  label stack entry 0         |  entry 1                      |
 *  MPLS + 1     |  entry 2                     |  0                            |
 *  IP           | arp_op,proto  | tos  |  ttl  | frag |      ipv6_label        |
 *  IPV4         |       ip_src, arp_spa        |       ip_dst, arp_tpa         |
 *  IPV6_SRC,    |  high, then low; IPV6_DST likewise                           |
 *  L4           |  tp_src       |    tp_dst    |   tcp_flags   |       0       |
 *  ND_TARGET    |  high, then low                                              |
 *  SOURCE_LINK  |            arp_sha, nd_sll                   |       0       |
 *  TARGET_LINK  |            arp_tha, nd_tll                   |       0       |
 *  ND_EXTENSION |         nd_reserved          |      0        | nd_opt. type  |
 *  CT_IPV4      |          ct_nw_src           |           ct_nw_dst           |
 *  CT_IPV6_SRC, |  high, then low; CT_IPV6_DST likewise                        |
 *  CT_PORTS     |  ct_tp_src    |   ct_tp_dst  |    ct_zone    |  ct_nw_proto  |
 *  TUN_*        |  what a tunnel said of the packet                            |
 *  TUN_OPTIONS  |  which of the 64 tunnel options are there, one bit for each   |
 *  TUN_METADATA |  32 words of the options' values, laid out by OptionLayout    |
 *  NSH*         | flags | mdtype|  np  |  ttl  |  spi  (24 bits)      |   si   |
 *  METADATA     |  OpenFlow's metadata; from here on the datapath sees nothing |
 *  CONJUNCTION  |            conj_id           |         actset_output         |
 *  REGISTERS    |            reg0              |             reg1          ... |
 * </pre>
 *
 * <p>ICMP type and code lie in the low bytes of tp_src and tp_dst.
 */
public final class Word {
  public static final int META_PORT = 0;
  public static final int META_HASH = 1;
  public static final int META_TYPE = 2;
  public static final int CT = 3;
  public static final int CT_LABEL = 4;
  public static final int ETH_SRC = 6;
  public static final int ETH_DST = 7;
  public static final int VLAN = 8;
  public static final int MPLS = 9;
  public static final int IP = 11;
  public static final int IPV4 = 12;
  public static final int IPV6_SRC = 13;
  public static final int IPV6_DST = 15;
  public static final int L4 = 17;
  public static final int ND_TARGET = 18;
  public static final int SOURCE_LINK = 20;
  public static final int TARGET_LINK = 21;
  public static final int ND_EXTENSION = 22;
  public static final int CT_IPV4 = 23;
  public static final int CT_IPV6_SRC = 24;
  public static final int CT_IPV6_DST = 26;
  public static final int CT_PORTS = 28;
  public static final int TUN_ID = 29;
  public static final int TUN_IPV4 = 30;
  public static final int TUN_IPV6_SRC = 31;
  public static final int TUN_IPV6_DST = 33;
  public static final int TUN_FLAGS = 35;
  public static final int TUN_ERSPAN = 36;
  public static final int TUN_GTPU = 37;
  public static final int TUN_OPTIONS = 38;
  public static final int TUN_METADATA = 39;
  public static final int NSH = 71;
  public static final int NSH_CONTEXT = 72;

  /** Words that the datapath fills in and looks at: all those before it. */
  public static final int DATAPATH_COUNT = 74;

  public static final int METADATA = 74;
  public static final int CONJUNCTION = 75;
  public static final int REGISTERS = 76;

  /** Words in a key. */
  public static final int COUNT = 92;

  private Word() {}
}
