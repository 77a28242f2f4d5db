package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.match.MatchBuilder;

/**
 * The match of OpenFlow 1.0, 40 bytes.
 *
 * <pre>
 *   0  wildcards (32)        4  in_port (16)     6  dl_src (48)     12  dl_dst (48)
 *  18  dl_vlan (16)         20  dl_vlan_pcp (8)  21  0              22  dl_type (16)
 *  24  nw_tos (8)           25  nw_proto (8)     26  0 (16)         28  nw_src (32)
 *  32  nw_dst (32)          36  tp_src (16)      38  tp_dst (16)
 * </pre>
 */
final class FixedMatch10 {
  static final int BYTES = 40;

  private static final int IN_PORT = 1;
  private static final int DL_VLAN = 1 << 1;
  private static final int DL_SRC = 1 << 2;
  private static final int DL_DST = 1 << 3;
  private static final int DL_TYPE = 1 << 4;
  private static final int NW_PROTO = 1 << 5;
  private static final int TP_SRC = 1 << 6;
  private static final int TP_DST = 1 << 7;
  private static final int NW_SRC_SHIFT = 8;
  private static final int NW_DST_SHIFT = 14;
  private static final int DL_VLAN_PCP = 1 << 20;
  private static final int NW_TOS = 1 << 21;
  static final int ALL = (1 << 22) - 1;

  private FixedMatch10() {}

  static void write(WireWriter out, Match match) {
    FlowMask mask = match.mask();
    int tci = (int) match.get(Field.VLAN_TCI);
    int tciBits = (int) mask.get(Field.VLAN_TCI);
    boolean untagged =
        (tciBits & MatchBuilder.VLAN_PRESENT) != 0 && (tci & MatchBuilder.VLAN_PRESENT) == 0;
    boolean vid = untagged || (tciBits & 0xfff) != 0;
    boolean pcp = untagged || (tciBits & 0xe000) != 0;
    out.u32(wildcards(mask) | (vid ? 0 : DL_VLAN) | (pcp ? 0 : DL_VLAN_PCP));
    out.u16((int) match.get(Field.IN_PORT));
    out.mac(match.get(Field.ETH_SRC)).mac(match.get(Field.ETH_DST));
    out.u16(untagged ? MatchBuilder.OF10_VLAN_NONE : tci & 0xfff).u8(tci >>> 13).u8(0);
    out.u16((int) match.get(Field.ETH_TYPE));
    out.u8((int) match.get(Field.IP_DSCP) << 2).u8((int) match.get(Field.NW_PROTO));
    out.u16(0).u32(match.get(Field.IP_SRC)).u32(match.get(Field.IP_DST));
    out.u16((int) match.get(Field.TCP_SRC)).u16((int) match.get(Field.TCP_DST));
  }

  private static int wildcards(FlowMask mask) {
    return unless(mask, Field.IN_PORT, IN_PORT)
        | unless(mask, Field.ETH_SRC, DL_SRC)
        | unless(mask, Field.ETH_DST, DL_DST)
        | unless(mask, Field.ETH_TYPE, DL_TYPE)
        | unless(mask, Field.NW_PROTO, NW_PROTO)
        | unless(mask, Field.TCP_SRC, TP_SRC)
        | unless(mask, Field.TCP_DST, TP_DST)
        | unless(mask, Field.IP_DSCP, NW_TOS)
        | wildBits(mask.get(Field.IP_SRC)) << NW_SRC_SHIFT
        | wildBits(mask.get(Field.IP_DST)) << NW_DST_SHIFT;
  }

  private static int unless(FlowMask mask, Field field, int bit) {
    return mask.touches(field) ? 0 : bit;
  }

  private static int wildBits(long netmask) {
    return netmask == 0 ? 32 : Long.numberOfTrailingZeros(netmask);
  }

  /** Every field as it stands, wildcards and all. */
  static Match read(WireReader in) {
    int wild = in.u32() & ALL;
    MatchBuilder match = MatchBuilder.reused(OptionLayout.NONE);
    put(match, wild, IN_PORT, Field.IN_PORT, in.u16());
    put(match, wild, DL_SRC, Field.ETH_SRC, in.mac());
    put(match, wild, DL_DST, Field.ETH_DST, in.mac());
    putVlan(match, wild, in.u16(), in.u8());
    in.skip(1);
    put(match, wild, DL_TYPE, Field.ETH_TYPE, in.u16());
    put(match, wild, NW_TOS, Field.NW_TOS, in.u8());
    put(match, wild, NW_PROTO, Field.NW_PROTO, in.u8());
    in.skip(2);
    putAddress(match, wild >>> NW_SRC_SHIFT & 0x3f, Field.IP_SRC, in.unsigned32());
    putAddress(match, wild >>> NW_DST_SHIFT & 0x3f, Field.IP_DST, in.unsigned32());
    put(match, wild, TP_SRC, Field.TCP_SRC, in.u16());
    put(match, wild, TP_DST, Field.TCP_DST, in.u16());
    return match.build();
  }

  private static void put(MatchBuilder match, int wild, int bit, Field field, long value) {
    if ((wild & bit) == 0) {
      match.exact(field, value);
    }
  }

  private static void putVlan(MatchBuilder match, int wild, int vid, int pcp) {
    boolean byVid = (wild & DL_VLAN) == 0;
    if (byVid) {
      match.exact(Field.DL_VLAN, vid);
    }
    if ((wild & DL_VLAN_PCP) == 0 && !(byVid && vid == MatchBuilder.OF10_VLAN_NONE)) {
      match.exact(Field.DL_VLAN_PCP, pcp & 7);
    }
  }

  private static void putAddress(MatchBuilder match, int wildBits, Field field, long address) {
    if (wildBits < 32) {
      match.set(field, 0, address, 0, 0xffff_ffffL << wildBits & 0xffff_ffffL);
    }
  }
}
