package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.OfAction.HashFields;

/**
 * Hashes of a walk's packet, by which packets are spread over links and buckets so that those of
 * one connection stay together. Covers what it reads. The symmetric ones are the same in both
 * directions.
 */
final class HeaderHash {
  private static final List<Field> SYMMETRIC_L2 =
      List.of(Field.ETH_SRC, Field.ETH_DST, Field.ETH_TYPE, Field.VLAN_TCI);
  private static final List<Field> PORTS = List.of(Field.TCP_SRC, Field.TCP_DST);

  private final Walk walk;

  HeaderHash(Walk walk) {
    this.walk = walk;
  }

  /** The hash over {@code fields}, different for each {@code basis}. */
  long of(HashFields fields, int basis) {
    return mix(Integer.toUnsignedLong(basis) + hash(fields));
  }

  private long hash(HashFields fields) {
    return switch (fields) {
      case ETH_SRC -> read(Field.ETH_SRC);
      case SYMMETRIC_L4 -> symmetricL4();
      case SYMMETRIC_L3L4 -> symmetricL3L4(false);
      case SYMMETRIC_L3L4_UDP -> symmetricL3L4(true);
      case NW_SRC -> address(Field.IP_SRC, Field.IPV6_SRC);
      case NW_DST -> address(Field.IP_DST, Field.IPV6_DST);
      case SYMMETRIC_L3 -> Protocols.isIp(walk.key) ? addresses() : 0;
    };
  }

  /** Of link, addresses, protocol and ports, those of UDP excepted. */
  long symmetricL4() {
    SYMMETRIC_L2.forEach(walk.mask::cover);
    FlowKey key = walk.key;
    long hash = key.get(Field.ETH_SRC) ^ key.get(Field.ETH_DST);
    hash = mix(hash + key.get(Field.ETH_TYPE)) + key.get(Field.VLAN_TCI);
    if (Protocols.isIp(key)) {
      hash = mix(hash + addresses()) + read(Field.NW_PROTO);
      if (hasPorts(false)) {
        hash = mix(hash + ports());
      }
    }
    return mix(hash);
  }

  private long symmetricL3L4(boolean withUdp) {
    if (!Protocols.isIp(walk.key)) {
      return 0;
    }
    long hash = mix(addresses()) + read(Field.NW_PROTO);
    return hasPorts(withUdp) ? mix(hash + ports()) : hash;
  }

  private boolean hasPorts(boolean withUdp) {
    return Protocols.hasPorts(walk.key)
        && (withUdp || walk.key.get(Field.NW_PROTO) != Protocols.UDP);
  }

  private long ports() {
    PORTS.forEach(walk.mask::cover);
    return walk.key.get(Field.TCP_SRC) ^ walk.key.get(Field.TCP_DST);
  }

  private long addresses() {
    return address(Field.IP_SRC, Field.IPV6_SRC) ^ address(Field.IP_DST, Field.IPV6_DST);
  }

  /** One address, folded; 0 where the packet is not IP. */
  private long address(Field ipv4, Field ipv6) {
    if (!Protocols.isIp(walk.key)) {
      return 0;
    }
    Field field = Protocols.isIpv4(walk.key) ? ipv4 : ipv6;
    return read(field) + 31 * walk.key.getHigh(field);
  }

  private long read(Field field) {
    walk.mask.cover(field);
    return walk.key.get(field);
  }

  /** Spreads all bits of {@code value} over all bits (the finalizer of SplitMix64). */
  static long mix(long value) {
    long mixed = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
    return mixed ^ mixed >>> 31;
  }
}
