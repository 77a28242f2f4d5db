package org.sluice.datapath.flow;

import static org.sluice.datapath.flow.Field.Format.COLONS;
import static org.sluice.datapath.flow.Field.Format.CT_STATE_SET;
import static org.sluice.datapath.flow.Field.Format.DEC;
import static org.sluice.datapath.flow.Field.Format.DOTTED;
import static org.sluice.datapath.flow.Field.Format.FRAGMENT_KIND;
import static org.sluice.datapath.flow.Field.Format.HEX;
import static org.sluice.datapath.flow.Field.Format.MAC;
import static org.sluice.datapath.flow.Field.Format.PORT;
import static org.sluice.datapath.flow.Field.Format.TCP_FLAG_SET;
import static org.sluice.datapath.flow.Field.Format.TUNNEL_FLAG_SET;
import static org.sluice.datapath.flow.Field.Format.TYPE_PAIR;
import static org.sluice.datapath.flow.Field.Prerequisite.ARP;
import static org.sluice.datapath.flow.Field.Prerequisite.CONNECTION;
import static org.sluice.datapath.flow.Field.Prerequisite.ETHERNET;
import static org.sluice.datapath.flow.Field.Prerequisite.ICMPV4;
import static org.sluice.datapath.flow.Field.Prerequisite.ICMPV6;
import static org.sluice.datapath.flow.Field.Prerequisite.IP;
import static org.sluice.datapath.flow.Field.Prerequisite.IPV4;
import static org.sluice.datapath.flow.Field.Prerequisite.IPV6;
import static org.sluice.datapath.flow.Field.Prerequisite.MPLS;
import static org.sluice.datapath.flow.Field.Prerequisite.ND;
import static org.sluice.datapath.flow.Field.Prerequisite.ND_ADVERT;
import static org.sluice.datapath.flow.Field.Prerequisite.ND_SOLICIT;
import static org.sluice.datapath.flow.Field.Prerequisite.NONE;
import static org.sluice.datapath.flow.Field.Prerequisite.NSH;
import static org.sluice.datapath.flow.Field.Prerequisite.SCTP;
import static org.sluice.datapath.flow.Field.Prerequisite.TCP;
import static org.sluice.datapath.flow.Field.Prerequisite.UDP;
import static org.sluice.datapath.flow.Field.Prerequisite.VLAN;
import static org.sluice.datapath.flow.FieldTraits.EXACT;
import static org.sluice.datapath.flow.FieldTraits.MASK;
import static org.sluice.datapath.flow.FieldTraits.RO;
import static org.sluice.datapath.flow.FieldTraits.RW;
import static org.sluice.datapath.flow.FieldTraits.at;
import static org.sluice.datapath.flow.OxmId.basic;
import static org.sluice.datapath.flow.OxmId.ericsson;
import static org.sluice.datapath.flow.OxmId.nicira;
import static org.sluice.datapath.flow.OxmId.nsh;
import static org.sluice.datapath.flow.OxmId.nxm0;
import static org.sluice.datapath.flow.OxmId.nxm1;
import static org.sluice.datapath.flow.OxmId.onf;
import static org.sluice.datapath.flow.OxmId.registers;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Every field that a flow can match on, declared once.
 *
 * <p>A row's name in lower case is what {@code ovs-ofctl} reads and prints; the row gives an older
 * alias, the width in bits, where the value lies in a {@link FlowKey} (word and lowest bit, or
 * first word for 128 bits), whether it takes a mask, what must be matched before it may be, whether
 * actions may write it, how it is written as text, and its NXM and OXM ids. Extraction, masks,
 * text, OpenFlow encoding and the documentation are all driven by this table.
 *
 * <p>Several fields can be views of the same bits: {@code vlan_tci}, {@code dl_vlan} and {@code
 * vlan_vid}; {@code arp_spa} and {@code ip_src}; the transport ports of TCP, UDP and SCTP and the
 * ICMP type; {@code xreg0} and {@code reg0}, {@code reg1}. Their prerequisites keep them apart.
 */
public enum Field {
  // spotless:off
  // alias, bits, place in the key, mask, prerequisite, may be set, text, NXM id, OXM id
  DP_HASH(null, 32, at(Word.META_HASH, 32), MASK, NONE, RO, HEX, nxm1(35), nicira(0)),
  RECIRC_ID(null, 32, at(Word.META_PORT, 0), EXACT, NONE, RO, HEX, nxm1(36), null),
  PACKET_TYPE(null, 32, at(Word.META_TYPE, 0), EXACT, NONE, RO, TYPE_PAIR, null, basic(44)),
  CONJ_ID(null, 32, at(Word.CONJUNCTION, 32), EXACT, NONE, RO, DEC, nxm1(37), null),
  TUN_ID("tunnel_id", 64, at(Word.TUN_ID, 0), MASK, NONE, RW, HEX, nxm1(16), basic(38)),
  TUN_SRC(null, 32, at(Word.TUN_IPV4, 32), MASK, NONE, RW, DOTTED, nxm1(31), null),
  TUN_DST(null, 32, at(Word.TUN_IPV4, 0), MASK, NONE, RW, DOTTED, nxm1(32), null),
  TUN_IPV6_SRC(null, 128, at(Word.TUN_IPV6_SRC, 0), MASK, NONE, RW, COLONS, nxm1(109), null),
  TUN_IPV6_DST(null, 128, at(Word.TUN_IPV6_DST, 0), MASK, NONE, RW, COLONS, nxm1(110), null),
  TUN_FLAGS(null, 16, at(Word.TUN_FLAGS, 48), MASK, NONE, RW, TUNNEL_FLAG_SET, nxm1(104), null),
  TUN_TTL(null, 8, at(Word.TUN_FLAGS, 40), EXACT, NONE, RO, DEC, null, null),
  TUN_TOS(null, 8, at(Word.TUN_FLAGS, 32), EXACT, NONE, RO, HEX, null, null),
  TUN_GBP_ID(null, 16, at(Word.TUN_FLAGS, 16), MASK, NONE, RW, DEC, nxm1(38), null),
  TUN_GBP_FLAGS(null, 8, at(Word.TUN_FLAGS, 8), MASK, NONE, RW, HEX, nxm1(39), null),
  TUN_ERSPAN_IDX(null, 32, at(Word.TUN_ERSPAN, 32), MASK, NONE, RW, HEX, null, nicira(11)),
  TUN_ERSPAN_VER(null, 4, at(Word.TUN_ERSPAN, 24), MASK, NONE, RW, DEC, null, nicira(12)),
  TUN_ERSPAN_DIR(null, 1, at(Word.TUN_ERSPAN, 16), MASK, NONE, RW, DEC, null, nicira(13)),
  TUN_ERSPAN_HWID(null, 6, at(Word.TUN_ERSPAN, 8), MASK, NONE, RW, HEX, null, nicira(14)),
  TUN_GTPU_FLAGS(null, 8, at(Word.TUN_GTPU, 56), MASK, NONE, RO, HEX, null, nicira(15)),
  TUN_GTPU_MSGTYPE(null, 8, at(Word.TUN_GTPU, 48), MASK, NONE, RO, DEC, null, nicira(16)),
  TUN_METADATA0(null, 992, at(Word.TUN_OPTIONS, 0), MASK, NONE, RW, HEX, nxm1(40), null),
  TUN_METADATA1(null, 992, at(Word.TUN_OPTIONS, 1), MASK, NONE, RW, HEX, nxm1(41), null),
  TUN_METADATA2(null, 992, at(Word.TUN_OPTIONS, 2), MASK, NONE, RW, HEX, nxm1(42), null),
  TUN_METADATA3(null, 992, at(Word.TUN_OPTIONS, 3), MASK, NONE, RW, HEX, nxm1(43), null),
  TUN_METADATA4(null, 992, at(Word.TUN_OPTIONS, 4), MASK, NONE, RW, HEX, nxm1(44), null),
  TUN_METADATA5(null, 992, at(Word.TUN_OPTIONS, 5), MASK, NONE, RW, HEX, nxm1(45), null),
  TUN_METADATA6(null, 992, at(Word.TUN_OPTIONS, 6), MASK, NONE, RW, HEX, nxm1(46), null),
  TUN_METADATA7(null, 992, at(Word.TUN_OPTIONS, 7), MASK, NONE, RW, HEX, nxm1(47), null),
  TUN_METADATA8(null, 992, at(Word.TUN_OPTIONS, 8), MASK, NONE, RW, HEX, nxm1(48), null),
  TUN_METADATA9(null, 992, at(Word.TUN_OPTIONS, 9), MASK, NONE, RW, HEX, nxm1(49), null),
  TUN_METADATA10(null, 992, at(Word.TUN_OPTIONS, 10), MASK, NONE, RW, HEX, nxm1(50), null),
  TUN_METADATA11(null, 992, at(Word.TUN_OPTIONS, 11), MASK, NONE, RW, HEX, nxm1(51), null),
  TUN_METADATA12(null, 992, at(Word.TUN_OPTIONS, 12), MASK, NONE, RW, HEX, nxm1(52), null),
  TUN_METADATA13(null, 992, at(Word.TUN_OPTIONS, 13), MASK, NONE, RW, HEX, nxm1(53), null),
  TUN_METADATA14(null, 992, at(Word.TUN_OPTIONS, 14), MASK, NONE, RW, HEX, nxm1(54), null),
  TUN_METADATA15(null, 992, at(Word.TUN_OPTIONS, 15), MASK, NONE, RW, HEX, nxm1(55), null),
  TUN_METADATA16(null, 992, at(Word.TUN_OPTIONS, 16), MASK, NONE, RW, HEX, nxm1(56), null),
  TUN_METADATA17(null, 992, at(Word.TUN_OPTIONS, 17), MASK, NONE, RW, HEX, nxm1(57), null),
  TUN_METADATA18(null, 992, at(Word.TUN_OPTIONS, 18), MASK, NONE, RW, HEX, nxm1(58), null),
  TUN_METADATA19(null, 992, at(Word.TUN_OPTIONS, 19), MASK, NONE, RW, HEX, nxm1(59), null),
  TUN_METADATA20(null, 992, at(Word.TUN_OPTIONS, 20), MASK, NONE, RW, HEX, nxm1(60), null),
  TUN_METADATA21(null, 992, at(Word.TUN_OPTIONS, 21), MASK, NONE, RW, HEX, nxm1(61), null),
  TUN_METADATA22(null, 992, at(Word.TUN_OPTIONS, 22), MASK, NONE, RW, HEX, nxm1(62), null),
  TUN_METADATA23(null, 992, at(Word.TUN_OPTIONS, 23), MASK, NONE, RW, HEX, nxm1(63), null),
  TUN_METADATA24(null, 992, at(Word.TUN_OPTIONS, 24), MASK, NONE, RW, HEX, nxm1(64), null),
  TUN_METADATA25(null, 992, at(Word.TUN_OPTIONS, 25), MASK, NONE, RW, HEX, nxm1(65), null),
  TUN_METADATA26(null, 992, at(Word.TUN_OPTIONS, 26), MASK, NONE, RW, HEX, nxm1(66), null),
  TUN_METADATA27(null, 992, at(Word.TUN_OPTIONS, 27), MASK, NONE, RW, HEX, nxm1(67), null),
  TUN_METADATA28(null, 992, at(Word.TUN_OPTIONS, 28), MASK, NONE, RW, HEX, nxm1(68), null),
  TUN_METADATA29(null, 992, at(Word.TUN_OPTIONS, 29), MASK, NONE, RW, HEX, nxm1(69), null),
  TUN_METADATA30(null, 992, at(Word.TUN_OPTIONS, 30), MASK, NONE, RW, HEX, nxm1(70), null),
  TUN_METADATA31(null, 992, at(Word.TUN_OPTIONS, 31), MASK, NONE, RW, HEX, nxm1(71), null),
  TUN_METADATA32(null, 992, at(Word.TUN_OPTIONS, 32), MASK, NONE, RW, HEX, nxm1(72), null),
  TUN_METADATA33(null, 992, at(Word.TUN_OPTIONS, 33), MASK, NONE, RW, HEX, nxm1(73), null),
  TUN_METADATA34(null, 992, at(Word.TUN_OPTIONS, 34), MASK, NONE, RW, HEX, nxm1(74), null),
  TUN_METADATA35(null, 992, at(Word.TUN_OPTIONS, 35), MASK, NONE, RW, HEX, nxm1(75), null),
  TUN_METADATA36(null, 992, at(Word.TUN_OPTIONS, 36), MASK, NONE, RW, HEX, nxm1(76), null),
  TUN_METADATA37(null, 992, at(Word.TUN_OPTIONS, 37), MASK, NONE, RW, HEX, nxm1(77), null),
  TUN_METADATA38(null, 992, at(Word.TUN_OPTIONS, 38), MASK, NONE, RW, HEX, nxm1(78), null),
  TUN_METADATA39(null, 992, at(Word.TUN_OPTIONS, 39), MASK, NONE, RW, HEX, nxm1(79), null),
  TUN_METADATA40(null, 992, at(Word.TUN_OPTIONS, 40), MASK, NONE, RW, HEX, nxm1(80), null),
  TUN_METADATA41(null, 992, at(Word.TUN_OPTIONS, 41), MASK, NONE, RW, HEX, nxm1(81), null),
  TUN_METADATA42(null, 992, at(Word.TUN_OPTIONS, 42), MASK, NONE, RW, HEX, nxm1(82), null),
  TUN_METADATA43(null, 992, at(Word.TUN_OPTIONS, 43), MASK, NONE, RW, HEX, nxm1(83), null),
  TUN_METADATA44(null, 992, at(Word.TUN_OPTIONS, 44), MASK, NONE, RW, HEX, nxm1(84), null),
  TUN_METADATA45(null, 992, at(Word.TUN_OPTIONS, 45), MASK, NONE, RW, HEX, nxm1(85), null),
  TUN_METADATA46(null, 992, at(Word.TUN_OPTIONS, 46), MASK, NONE, RW, HEX, nxm1(86), null),
  TUN_METADATA47(null, 992, at(Word.TUN_OPTIONS, 47), MASK, NONE, RW, HEX, nxm1(87), null),
  TUN_METADATA48(null, 992, at(Word.TUN_OPTIONS, 48), MASK, NONE, RW, HEX, nxm1(88), null),
  TUN_METADATA49(null, 992, at(Word.TUN_OPTIONS, 49), MASK, NONE, RW, HEX, nxm1(89), null),
  TUN_METADATA50(null, 992, at(Word.TUN_OPTIONS, 50), MASK, NONE, RW, HEX, nxm1(90), null),
  TUN_METADATA51(null, 992, at(Word.TUN_OPTIONS, 51), MASK, NONE, RW, HEX, nxm1(91), null),
  TUN_METADATA52(null, 992, at(Word.TUN_OPTIONS, 52), MASK, NONE, RW, HEX, nxm1(92), null),
  TUN_METADATA53(null, 992, at(Word.TUN_OPTIONS, 53), MASK, NONE, RW, HEX, nxm1(93), null),
  TUN_METADATA54(null, 992, at(Word.TUN_OPTIONS, 54), MASK, NONE, RW, HEX, nxm1(94), null),
  TUN_METADATA55(null, 992, at(Word.TUN_OPTIONS, 55), MASK, NONE, RW, HEX, nxm1(95), null),
  TUN_METADATA56(null, 992, at(Word.TUN_OPTIONS, 56), MASK, NONE, RW, HEX, nxm1(96), null),
  TUN_METADATA57(null, 992, at(Word.TUN_OPTIONS, 57), MASK, NONE, RW, HEX, nxm1(97), null),
  TUN_METADATA58(null, 992, at(Word.TUN_OPTIONS, 58), MASK, NONE, RW, HEX, nxm1(98), null),
  TUN_METADATA59(null, 992, at(Word.TUN_OPTIONS, 59), MASK, NONE, RW, HEX, nxm1(99), null),
  TUN_METADATA60(null, 992, at(Word.TUN_OPTIONS, 60), MASK, NONE, RW, HEX, nxm1(100), null),
  TUN_METADATA61(null, 992, at(Word.TUN_OPTIONS, 61), MASK, NONE, RW, HEX, nxm1(101), null),
  TUN_METADATA62(null, 992, at(Word.TUN_OPTIONS, 62), MASK, NONE, RW, HEX, nxm1(102), null),
  TUN_METADATA63(null, 992, at(Word.TUN_OPTIONS, 63), MASK, NONE, RW, HEX, nxm1(103), null),
  METADATA(null, 64, at(Word.METADATA, 0), MASK, NONE, RW, HEX, null, basic(2)),
  IN_PORT(null, 16, at(Word.META_PORT, 32), EXACT, NONE, RW, PORT, nxm0(0), null),
  IN_PORT_OXM(null, 32, at(Word.META_PORT, 32), EXACT, NONE, RW, PORT, null, basic(0)),
  ACTSET_OUTPUT(null, 32, at(Word.CONJUNCTION, 0), EXACT, NONE, RO, PORT, onf(43), basic(43)),
  SKB_PRIORITY(null, 32, at(Word.META_TYPE, 32), EXACT, NONE, RO, HEX, null, null),
  PKT_MARK(null, 32, at(Word.META_HASH, 0), MASK, NONE, RW, HEX, nxm1(33), null),
  CT_STATE(null, 32, at(Word.CT, 0), MASK, NONE, RO, CT_STATE_SET, nxm1(105), null),
  CT_ZONE(null, 16, at(Word.CT_PORTS, 16), EXACT, NONE, RO, HEX, nxm1(106), null),
  CT_MARK(null, 32, at(Word.CT, 32), MASK, NONE, RW, HEX, nxm1(107), null),
  CT_LABEL(null, 128, at(Word.CT_LABEL, 0), MASK, NONE, RW, HEX, nxm1(108), null),
  CT_NW_PROTO(null, 8, at(Word.CT_PORTS, 0), EXACT, CONNECTION, RO, DEC, nxm1(119), null),
  CT_NW_SRC(null, 32, at(Word.CT_IPV4, 32), MASK, CONNECTION, RO, DOTTED, nxm1(120), null),
  CT_NW_DST(null, 32, at(Word.CT_IPV4, 0), MASK, CONNECTION, RO, DOTTED, nxm1(121), null),
  CT_IPV6_SRC(null, 128, at(Word.CT_IPV6_SRC, 0), MASK, CONNECTION, RO, COLONS, nxm1(122), null),
  CT_IPV6_DST(null, 128, at(Word.CT_IPV6_DST, 0), MASK, CONNECTION, RO, COLONS, nxm1(123), null),
  CT_TP_SRC(null, 16, at(Word.CT_PORTS, 48), MASK, CONNECTION, RO, DEC, nxm1(124), null),
  CT_TP_DST(null, 16, at(Word.CT_PORTS, 32), MASK, CONNECTION, RO, DEC, nxm1(125), null),
  REG0(null, 32, at(Word.REGISTERS, 32), MASK, NONE, RW, HEX, nxm1(0), null),
  REG1(null, 32, at(Word.REGISTERS, 0), MASK, NONE, RW, HEX, nxm1(1), null),
  REG2(null, 32, at(Word.REGISTERS + 1, 32), MASK, NONE, RW, HEX, nxm1(2), null),
  REG3(null, 32, at(Word.REGISTERS + 1, 0), MASK, NONE, RW, HEX, nxm1(3), null),
  REG4(null, 32, at(Word.REGISTERS + 2, 32), MASK, NONE, RW, HEX, nxm1(4), null),
  REG5(null, 32, at(Word.REGISTERS + 2, 0), MASK, NONE, RW, HEX, nxm1(5), null),
  REG6(null, 32, at(Word.REGISTERS + 3, 32), MASK, NONE, RW, HEX, nxm1(6), null),
  REG7(null, 32, at(Word.REGISTERS + 3, 0), MASK, NONE, RW, HEX, nxm1(7), null),
  REG8(null, 32, at(Word.REGISTERS + 4, 32), MASK, NONE, RW, HEX, nxm1(8), null),
  REG9(null, 32, at(Word.REGISTERS + 4, 0), MASK, NONE, RW, HEX, nxm1(9), null),
  REG10(null, 32, at(Word.REGISTERS + 5, 32), MASK, NONE, RW, HEX, nxm1(10), null),
  REG11(null, 32, at(Word.REGISTERS + 5, 0), MASK, NONE, RW, HEX, nxm1(11), null),
  REG12(null, 32, at(Word.REGISTERS + 6, 32), MASK, NONE, RW, HEX, nxm1(12), null),
  REG13(null, 32, at(Word.REGISTERS + 6, 0), MASK, NONE, RW, HEX, nxm1(13), null),
  REG14(null, 32, at(Word.REGISTERS + 7, 32), MASK, NONE, RW, HEX, nxm1(14), null),
  REG15(null, 32, at(Word.REGISTERS + 7, 0), MASK, NONE, RW, HEX, nxm1(15), null),
  REG16(null, 32, at(Word.REGISTERS + 8, 32), MASK, NONE, RW, HEX, null, nicira(17)),
  REG17(null, 32, at(Word.REGISTERS + 8, 0), MASK, NONE, RW, HEX, null, nicira(18)),
  REG18(null, 32, at(Word.REGISTERS + 9, 32), MASK, NONE, RW, HEX, null, nicira(19)),
  REG19(null, 32, at(Word.REGISTERS + 9, 0), MASK, NONE, RW, HEX, null, nicira(20)),
  REG20(null, 32, at(Word.REGISTERS + 10, 32), MASK, NONE, RW, HEX, null, nicira(21)),
  REG21(null, 32, at(Word.REGISTERS + 10, 0), MASK, NONE, RW, HEX, null, nicira(22)),
  REG22(null, 32, at(Word.REGISTERS + 11, 32), MASK, NONE, RW, HEX, null, nicira(23)),
  REG23(null, 32, at(Word.REGISTERS + 11, 0), MASK, NONE, RW, HEX, null, nicira(24)),
  REG24(null, 32, at(Word.REGISTERS + 12, 32), MASK, NONE, RW, HEX, null, nicira(25)),
  REG25(null, 32, at(Word.REGISTERS + 12, 0), MASK, NONE, RW, HEX, null, nicira(26)),
  REG26(null, 32, at(Word.REGISTERS + 13, 32), MASK, NONE, RW, HEX, null, nicira(27)),
  REG27(null, 32, at(Word.REGISTERS + 13, 0), MASK, NONE, RW, HEX, null, nicira(28)),
  REG28(null, 32, at(Word.REGISTERS + 14, 32), MASK, NONE, RW, HEX, null, nicira(29)),
  REG29(null, 32, at(Word.REGISTERS + 14, 0), MASK, NONE, RW, HEX, null, nicira(30)),
  REG30(null, 32, at(Word.REGISTERS + 15, 32), MASK, NONE, RW, HEX, null, nicira(31)),
  REG31(null, 32, at(Word.REGISTERS + 15, 0), MASK, NONE, RW, HEX, null, nicira(32)),
  XREG0(null, 64, at(Word.REGISTERS, 0), MASK, NONE, RW, HEX, null, registers(0)),
  XREG1(null, 64, at(Word.REGISTERS + 1, 0), MASK, NONE, RW, HEX, null, registers(1)),
  XREG2(null, 64, at(Word.REGISTERS + 2, 0), MASK, NONE, RW, HEX, null, registers(2)),
  XREG3(null, 64, at(Word.REGISTERS + 3, 0), MASK, NONE, RW, HEX, null, registers(3)),
  XREG4(null, 64, at(Word.REGISTERS + 4, 0), MASK, NONE, RW, HEX, null, registers(4)),
  XREG5(null, 64, at(Word.REGISTERS + 5, 0), MASK, NONE, RW, HEX, null, registers(5)),
  XREG6(null, 64, at(Word.REGISTERS + 6, 0), MASK, NONE, RW, HEX, null, registers(6)),
  XREG7(null, 64, at(Word.REGISTERS + 7, 0), MASK, NONE, RW, HEX, null, registers(7)),
  XREG8(null, 64, at(Word.REGISTERS + 8, 0), MASK, NONE, RW, HEX, null, registers(8)),
  XREG9(null, 64, at(Word.REGISTERS + 9, 0), MASK, NONE, RW, HEX, null, registers(9)),
  XREG10(null, 64, at(Word.REGISTERS + 10, 0), MASK, NONE, RW, HEX, null, registers(10)),
  XREG11(null, 64, at(Word.REGISTERS + 11, 0), MASK, NONE, RW, HEX, null, registers(11)),
  XREG12(null, 64, at(Word.REGISTERS + 12, 0), MASK, NONE, RW, HEX, null, registers(12)),
  XREG13(null, 64, at(Word.REGISTERS + 13, 0), MASK, NONE, RW, HEX, null, registers(13)),
  XREG14(null, 64, at(Word.REGISTERS + 14, 0), MASK, NONE, RW, HEX, null, registers(14)),
  XREG15(null, 64, at(Word.REGISTERS + 15, 0), MASK, NONE, RW, HEX, null, registers(15)),
  XXREG0(null, 128, at(Word.REGISTERS, 0), MASK, NONE, RW, HEX, nxm1(111), null),
  XXREG1(null, 128, at(Word.REGISTERS + 2, 0), MASK, NONE, RW, HEX, nxm1(112), null),
  XXREG2(null, 128, at(Word.REGISTERS + 4, 0), MASK, NONE, RW, HEX, nxm1(113), null),
  XXREG3(null, 128, at(Word.REGISTERS + 6, 0), MASK, NONE, RW, HEX, nxm1(114), null),
  XXREG4(null, 128, at(Word.REGISTERS + 8, 0), MASK, NONE, RW, HEX, null, nicira(33)),
  XXREG5(null, 128, at(Word.REGISTERS + 10, 0), MASK, NONE, RW, HEX, null, nicira(34)),
  XXREG6(null, 128, at(Word.REGISTERS + 12, 0), MASK, NONE, RW, HEX, null, nicira(35)),
  XXREG7(null, 128, at(Word.REGISTERS + 14, 0), MASK, NONE, RW, HEX, null, nicira(36)),
  ETH_SRC("dl_src", 48, at(Word.ETH_SRC, 16), MASK, ETHERNET, RW, MAC, nxm0(2), basic(4)),
  ETH_DST("dl_dst", 48, at(Word.ETH_DST, 16), MASK, ETHERNET, RW, MAC, nxm0(1), basic(3)),
  ETH_TYPE("dl_type", 16, at(Word.ETH_SRC, 0), EXACT, ETHERNET, RO, HEX, nxm0(3), basic(5)),
  VLAN_TCI(null, 16, at(Word.ETH_DST, 0), MASK, ETHERNET, RW, HEX, nxm0(4), null),
  DL_VLAN(null, 12, at(Word.ETH_DST, 0), EXACT, ETHERNET, RW, DEC, null, null),
  VLAN_VID(null, 12, at(Word.ETH_DST, 0), MASK, ETHERNET, RW, DEC, null, basic(6)),
  DL_VLAN_PCP(null, 3, at(Word.ETH_DST, 13), EXACT, ETHERNET, RW, DEC, null, null),
  VLAN_PCP(null, 3, at(Word.ETH_DST, 13), EXACT, VLAN, RW, DEC, null, basic(7)),
  MPLS_LABEL(null, 20, at(Word.MPLS, 44), EXACT, MPLS, RW, DEC, null, basic(34)),
  MPLS_TC(null, 3, at(Word.MPLS, 41), EXACT, MPLS, RW, DEC, null, basic(35)),
  MPLS_BOS(null, 1, at(Word.MPLS, 40), EXACT, MPLS, RO, DEC, null, basic(36)),
  MPLS_TTL(null, 8, at(Word.MPLS, 32), EXACT, MPLS, RW, DEC, nxm1(30), null),
  IP_SRC("nw_src", 32, at(Word.IPV4, 32), MASK, IPV4, RW, DOTTED, nxm0(7), basic(11)),
  IP_DST("nw_dst", 32, at(Word.IPV4, 0), MASK, IPV4, RW, DOTTED, nxm0(8), basic(12)),
  IPV6_SRC(null, 128, at(Word.IPV6_SRC, 0), MASK, IPV6, RW, COLONS, nxm1(19), basic(26)),
  IPV6_DST(null, 128, at(Word.IPV6_DST, 0), MASK, IPV6, RW, COLONS, nxm1(20), basic(27)),
  IPV6_LABEL(null, 20, at(Word.IP, 0), MASK, IPV6, RW, HEX, nxm1(27), basic(28)),
  NW_PROTO("ip_proto", 8, at(Word.IP, 48), EXACT, IP, RO, DEC, nxm0(6), basic(10)),
  NW_TOS(null, 8, at(Word.IP, 40), EXACT, IP, RW, DEC, nxm0(5), null),
  IP_DSCP(null, 6, at(Word.IP, 42), EXACT, IP, RW, DEC, null, basic(8)),
  NW_ECN("ip_ecn", 2, at(Word.IP, 40), EXACT, IP, RW, DEC, nxm1(28), basic(9)),
  NW_TTL(null, 8, at(Word.IP, 32), EXACT, IP, RW, DEC, nxm1(29), null),
  IP_FRAG("nw_frag", 2, at(Word.IP, 24), MASK, IP, RO, FRAGMENT_KIND, nxm1(26), null),
  ARP_OP(null, 16, at(Word.IP, 48), EXACT, ARP, RW, DEC, nxm0(15), basic(21)),
  ARP_SPA(null, 32, at(Word.IPV4, 32), MASK, ARP, RW, DOTTED, nxm0(16), basic(22)),
  ARP_TPA(null, 32, at(Word.IPV4, 0), MASK, ARP, RW, DOTTED, nxm0(17), basic(23)),
  ARP_SHA(null, 48, at(Word.SOURCE_LINK, 16), MASK, ARP, RW, MAC, nxm1(17), basic(24)),
  ARP_THA(null, 48, at(Word.TARGET_LINK, 16), MASK, ARP, RW, MAC, nxm1(18), basic(25)),
  TCP_SRC("tp_src", 16, at(Word.L4, 48), MASK, TCP, RW, DEC, nxm0(9), basic(13)),
  TCP_DST("tp_dst", 16, at(Word.L4, 32), MASK, TCP, RW, DEC, nxm0(10), basic(14)),
  TCP_FLAGS(null, 12, at(Word.L4, 16), MASK, TCP, RO, TCP_FLAG_SET, nxm1(34), basic(42)),
  UDP_SRC(null, 16, at(Word.L4, 48), MASK, UDP, RW, DEC, nxm0(11), basic(15)),
  UDP_DST(null, 16, at(Word.L4, 32), MASK, UDP, RW, DEC, nxm0(12), basic(16)),
  SCTP_SRC(null, 16, at(Word.L4, 48), MASK, SCTP, RW, DEC, null, basic(17)),
  SCTP_DST(null, 16, at(Word.L4, 32), MASK, SCTP, RW, DEC, null, basic(18)),
  ICMP_TYPE(null, 8, at(Word.L4, 48), EXACT, ICMPV4, RW, DEC, nxm0(13), basic(19)),
  ICMP_CODE(null, 8, at(Word.L4, 32), EXACT, ICMPV4, RW, DEC, nxm0(14), basic(20)),
  ICMPV6_TYPE(null, 8, at(Word.L4, 48), EXACT, ICMPV6, RW, DEC, nxm1(21), basic(29)),
  ICMPV6_CODE(null, 8, at(Word.L4, 32), EXACT, ICMPV6, RW, DEC, nxm1(22), basic(30)),
  ND_TARGET(null, 128, at(Word.ND_TARGET, 0), MASK, ND, RW, COLONS, nxm1(23), basic(31)),
  ND_SLL(null, 48, at(Word.SOURCE_LINK, 16), MASK, ND_SOLICIT, RW, MAC, nxm1(24), basic(32)),
  ND_TLL(null, 48, at(Word.TARGET_LINK, 16), MASK, ND_ADVERT, RW, MAC, nxm1(25), basic(33)),
  ND_RESERVED(null, 32, at(Word.ND_EXTENSION, 32), EXACT, ND, RW, HEX, null, ericsson(1)),
  ND_OPTIONS_TYPE(null, 8, at(Word.ND_EXTENSION, 0), EXACT, ND, RW, DEC, null, ericsson(2)),
  NSH_FLAGS(null, 8, at(Word.NSH, 56), MASK, NSH, RW, DEC, null, nsh(1)),
  NSH_MDTYPE(null, 8, at(Word.NSH, 48), EXACT, NSH, RO, DEC, null, nsh(2)),
  NSH_NP(null, 8, at(Word.NSH, 40), EXACT, NSH, RO, DEC, null, nsh(3)),
  NSH_SPI("nsp", 24, at(Word.NSH, 8), EXACT, NSH, RW, HEX, null, nsh(4)),
  NSH_SI("nsi", 8, at(Word.NSH, 0), EXACT, NSH, RW, DEC, null, nsh(5)),
  NSH_C1("nshc1", 32, at(Word.NSH_CONTEXT, 32), MASK, NSH, RW, HEX, null, nsh(6)),
  NSH_C2("nshc2", 32, at(Word.NSH_CONTEXT, 0), MASK, NSH, RW, HEX, null, nsh(7)),
  NSH_C3("nshc3", 32, at(Word.NSH_CONTEXT + 1, 32), MASK, NSH, RW, HEX, null, nsh(8)),
  NSH_C4("nshc4", 32, at(Word.NSH_CONTEXT + 1, 0), MASK, NSH, RW, HEX, null, nsh(9)),
  NSH_TTL(null, 8, at(Word.NSH, 32), EXACT, NSH, RW, DEC, null, nsh(10));
  // spotless:on

  private static final Map<String, Field> BY_NAME = new HashMap<>();

  static {
    for (Field field : values()) {
      BY_NAME.put(field.text, field);
      if (field.alias != null) {
        BY_NAME.put(field.alias, field);
      }
    }
  }

  private final String text = name().toLowerCase(Locale.ROOT);
  private final String alias;
  private final int bits;
  private final int position;
  private final boolean maskable;
  private final Prerequisite prerequisite;
  private final boolean writable;
  private final Format format;
  private final OxmId nxm;
  private final OxmId oxm;

  Field(
      String alias,
      int bits,
      int position,
      boolean maskable,
      Prerequisite prerequisite,
      boolean writable,
      Format format,
      OxmId nxm,
      OxmId oxm) {
    this.alias = alias;
    this.bits = bits;
    this.position = position;
    this.maskable = maskable;
    this.prerequisite = prerequisite;
    this.writable = writable;
    this.format = format;
    this.nxm = nxm;
    this.oxm = oxm;
  }

  /** The field called {@code name}, by its own name or its alias; null where there is none. */
  public static Field byName(String name) {
    return BY_NAME.get(name);
  }

  /** The name as text shows it, such as {@code eth_src}. */
  public String text() {
    return text;
  }

  /** An older name that text accepts too, such as {@code dl_src}; null where there is none. */
  public String alias() {
    return alias;
  }

  /** Width of the value in bits; for {@code tun_metadataN} the widest it can be mapped to. */
  public int bits() {
    return bits;
  }

  /** Bytes the value takes in OXM, that is the width rounded up. */
  public int bytes() {
    return (bits + 7) / 8;
  }

  /** The first word of the value in a key; the second of a 128-bit value is the next one. */
  public int word() {
    return position >>> 6;
  }

  /** The lowest bit of the value in its word. */
  public int shift() {
    return position & 63;
  }

  /** Whether it is about the packet's way through the switch, and not in the packet itself. */
  public boolean isOfPipeline() {
    return switch (this) {
      case METADATA, IN_PORT, IN_PORT_OXM, PACKET_TYPE -> true;
      case TUN_TTL, TUN_TOS -> false;
      default -> name().startsWith("TUN_") || name().matches("X{0,2}REG[0-9]+");
    };
  }

  /** The tunnel option of that number, 0 to 63. */
  public static Field option(int number) {
    assert number >= 0 && number < Long.SIZE : number;
    return values()[TUN_METADATA0.ordinal() + number];
  }

  /**
   * Whether it is a tunnel option. The place of its value depends on an {@link OptionLayout};
   * {@link #word} and {@link #shift} are those of the bit that says that the option is there.
   */
  public boolean isOption() {
    return word() == Word.TUN_OPTIONS;
  }

  /** Whether the value takes two words. */
  public boolean isWide() {
    return bits == 128;
  }

  /** The field's bits within its word, all ones for a wide field, one bit for a tunnel option. */
  public long wordMask() {
    if (isOption()) {
      return 1L << shift();
    }
    // The datapath's port numbers have 32 bits, also where OpenFlow 1.0 shows 16 of them.
    int stored = this == IN_PORT ? 32 : bits;
    return stored >= 64 ? -1L : ((1L << stored) - 1) << shift();
  }

  /** Whether a match may cover only some of the bits. */
  public boolean maskable() {
    return maskable;
  }

  /** What a flow has to match for this field to be there. */
  public Prerequisite prerequisite() {
    return prerequisite;
  }

  /** Whether actions may set it. */
  public boolean writable() {
    return writable;
  }

  /** How its value is written. */
  public Format format() {
    return format;
  }

  /** Its Nicira extended match id; null where there is none. */
  public OxmId nxm() {
    return nxm;
  }

  /**
   * Its OpenFlow extensible match id (basic class or an experimenter's); null where there is none.
   */
  public OxmId oxm() {
    return oxm;
  }

  /** How a value is written as text. */
  public enum Format {
    DEC,
    HEX,
    MAC,
    DOTTED,
    COLONS,
    PORT,
    FRAGMENT_KIND,
    TCP_FLAG_SET,
    TUNNEL_FLAG_SET,
    CT_STATE_SET,
    TYPE_PAIR
  }

  /** What must be matched, or true of a packet, before a field is meaningful. */
  public enum Prerequisite {
    NONE,
    ETHERNET,
    VLAN,
    MPLS,
    IPV4,
    IPV6,
    IP,
    ARP,
    NSH,
    TCP,
    UDP,
    SCTP,
    ICMPV4,
    ICMPV6,
    ND,
    ND_SOLICIT,
    ND_ADVERT,
    /** An IP packet whose {@code ct_state} says that it was tracked. */
    CONNECTION
  }
}
