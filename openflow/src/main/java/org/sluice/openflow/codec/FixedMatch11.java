package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.match.MatchNormal;
import org.sluice.openflow.message.OfError;

/**
 * The match of OpenFlow 1.1, 88 bytes, whose masks have a 1 where a bit does not matter.
 *
 * <pre>
 *   0  type 0 (16), length 88 (16)   4  in_port (32)     8  wildcards (32)
 *  12  dl_src (48), its mask (48)   24  dl_dst (48), its mask (48)
 *  36  dl_vlan (16)  38  dl_vlan_pcp (8)  39  0    40  dl_type (16)  42  nw_tos  43  nw_proto
 *  44  nw_src (32), its mask        52  nw_dst (32), its mask
 *  60  tp_src (16)   62  tp_dst (16)      64  mpls_label (32)  68  mpls_tc (8)  69  0 (24)
 *  72  metadata (64)                80  its mask (64)
 * </pre>
 */
final class FixedMatch11 {
  private static final int IN_PORT = 1;
  private static final int DL_VLAN = 1 << 1;
  private static final int DL_VLAN_PCP = 1 << 2;
  private static final int DL_TYPE = 1 << 3;
  private static final int NW_TOS = 1 << 4;
  private static final int NW_PROTO = 1 << 5;
  private static final int TP_SRC = 1 << 6;
  private static final int TP_DST = 1 << 7;
  private static final int MPLS_LABEL = 1 << 8;
  private static final int MPLS_TC = 1 << 9;
  private static final int VID_ANY = 0xfffe;
  private static final int VID_NONE = 0xffff;

  private FixedMatch11() {}

  static void write(WireWriter out, Match match) {
    FlowKey key = match.key();
    FlowMask mask = match.mask();
    int tci = (int) key.get(Field.VLAN_TCI);
    int bits = (int) mask.get(Field.VLAN_TCI);
    boolean untagged = (bits & MatchBuilder.VLAN_PRESENT & ~tci) != 0;
    boolean pcp = !untagged && (bits & 0xe000) != 0;
    int port = (int) key.get(Field.IN_PORT);
    out.u16(0).u16(88).u32(mask.touches(Field.IN_PORT) ? OfPort.toWire(port) : 0);
    out.u32(wildcards(mask) | (bits == 0 ? DL_VLAN : 0) | (pcp ? 0 : DL_VLAN_PCP));
    out.mac(key.get(Field.ETH_SRC)).mac(~mask.get(Field.ETH_SRC));
    out.mac(key.get(Field.ETH_DST)).mac(~mask.get(Field.ETH_DST));
    int vid = (bits & 0xfff) == 0 ? VID_ANY : tci & 0xfff;
    out.u16(bits == 0 ? 0 : untagged ? VID_NONE : vid).u8(pcp ? tci >>> 13 : 0).u8(0);
    out.u16((int) key.get(Field.ETH_TYPE)).u8((int) key.get(Field.IP_DSCP) << 2);
    out.u8((int) key.get(Field.NW_PROTO));
    out.u32(key.get(Field.IP_SRC)).u32(~mask.get(Field.IP_SRC));
    out.u32(key.get(Field.IP_DST)).u32(~mask.get(Field.IP_DST));
    out.u16((int) key.get(Field.TCP_SRC)).u16((int) key.get(Field.TCP_DST));
    out.u32(key.get(Field.MPLS_LABEL)).u8((int) key.get(Field.MPLS_TC)).zeros(3);
    out.u64(key.get(Field.METADATA)).u64(~mask.get(Field.METADATA));
  }

  private static int wildcards(FlowMask mask) {
    return unless(mask, Field.IN_PORT, IN_PORT)
        | unless(mask, Field.ETH_TYPE, DL_TYPE)
        | unless(mask, Field.IP_DSCP, NW_TOS)
        | unless(mask, Field.NW_PROTO, NW_PROTO)
        | unless(mask, Field.TCP_SRC, TP_SRC)
        | unless(mask, Field.TCP_DST, TP_DST)
        | unless(mask, Field.MPLS_LABEL, MPLS_LABEL)
        | unless(mask, Field.MPLS_TC, MPLS_TC);
  }

  private static int unless(FlowMask mask, Field field, int bit) {
    return mask.touches(field) ? 0 : bit;
  }

  static Match read(WireReader in) {
    in.skip(4);
    int port = in.u32();
    int wild = in.u32();
    MatchBuilder match = MatchBuilder.reused(OptionLayout.NONE);
    if ((wild & IN_PORT) == 0) {
      match.exact(Field.IN_PORT, in.port(port, OfError.OFPBMC_BAD_VALUE));
    }
    readMac(in, match, Field.ETH_SRC);
    readMac(in, match, Field.ETH_DST);
    readVlan(in, match, wild);
    put(match, wild, DL_TYPE, Field.ETH_TYPE, in.u16());
    int tos = in.u8();
    require(in, (wild & NW_TOS) != 0 || (tos & 3) == 0, OfError.OFPBMC_BAD_VALUE);
    put(match, wild, NW_TOS, Field.NW_TOS, tos);
    put(match, wild, NW_PROTO, Field.NW_PROTO, in.u8());
    readAddress(in, match, Field.IP_SRC);
    readAddress(in, match, Field.IP_DST);
    put(match, wild, TP_SRC, Field.TCP_SRC, in.u16());
    put(match, wild, TP_DST, Field.TCP_DST, in.u16());
    put(match, wild, MPLS_LABEL, Field.MPLS_LABEL, in.u32());
    put(match, wild, MPLS_TC, Field.MPLS_TC, in.u8());
    in.skip(3);
    long metadata = in.u64();
    long bits = ~in.u64();
    match.set(Field.METADATA, 0, metadata, 0, bits);
    return MatchNormal.of(match.build());
  }

  private static void require(WireReader in, boolean condition, OfError error) {
    if (!condition) {
      throw in.bad(error);
    }
  }

  private static void put(MatchBuilder match, int wild, int bit, Field field, long value) {
    if ((wild & bit) == 0) {
      match.exact(field, value);
    }
  }

  private static void readMac(WireReader in, MatchBuilder match, Field field) {
    long value = in.mac();
    long bits = ~in.mac();
    match.set(field, 0, value, 0, bits);
  }

  private static void readAddress(WireReader in, MatchBuilder match, Field field) {
    long value = in.unsigned32();
    long bits = ~in.unsigned32();
    match.set(field, 0, value, 0, bits);
  }

  private static void readVlan(WireReader in, MatchBuilder match, int wild) {
    int vid = in.u16();
    int pcp = in.u8();
    in.skip(1);
    if ((wild & DL_VLAN) != 0) {
      return;
    }
    if (vid == VID_ANY) {
      match.set(Field.VLAN_TCI, 0, MatchBuilder.VLAN_PRESENT, 0, MatchBuilder.VLAN_PRESENT);
    } else {
      require(in, vid == VID_NONE || vid < 4096, OfError.OFPBMC_BAD_VALUE);
      match.exact(Field.DL_VLAN, vid == VID_NONE ? MatchBuilder.OF10_VLAN_NONE : vid);
    }
    if (vid != VID_NONE && (wild & DL_VLAN_PCP) == 0) {
      require(in, pcp <= 7, OfError.OFPBMC_BAD_VALUE);
      match.exact(Field.DL_VLAN_PCP, pcp);
    }
  }
}
