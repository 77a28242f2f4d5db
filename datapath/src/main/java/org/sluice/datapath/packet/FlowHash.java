package org.sluice.datapath.packet;

import org.sluice.base.memory.OffHeap;

/**
 * Hashes of a parsed packet's connection: equal for all packets of one direction, or of both.
 *
 * <p>They cover addresses, protocol and, where the transport header is there, ports; a fragment's
 * are left out so that all fragments of a datagram agree. A packet without IP is hashed over its
 * Ethernet addresses and type. Values are stable within one release, not beyond. Stateless.
 */
public final class FlowHash {
  private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;
  private static final long ODD = 0xd6e8_feb8_6659_fd93L;

  private FlowHash() {}

  /** A hash that tells the two directions apart. */
  public static int of(Packet packet, int basis) {
    long hash = mix(basis, ports(packet));
    long header = packet.address + packet.l3Offset;
    if (isIpv4(packet)) {
      return fold(mix(hash, OffHeap.getLongBe(header + 12)));
    }
    if (isIpv6(packet)) {
      hash = mix(hash, OffHeap.getLongBe(header + 8));
      hash = mix(hash, OffHeap.getLongBe(header + 16));
      hash = mix(hash, OffHeap.getLongBe(header + 24));
      return fold(mix(hash, OffHeap.getLongBe(header + 32)));
    }
    if (packet.l3Offset < 14) {
      return fold(hash);
    }
    hash = mix(hash, OffHeap.getLongBe(packet.address) >>> 16);
    return fold(mix(hash, OffHeap.getLongBe(packet.address + 6) >>> 16));
  }

  /** A hash that is the same when source and destination, addresses and ports, change places. */
  public static int symmetric(Packet packet, int basis) {
    long ports = ports(packet);
    long hash = mix(basis, ports & 0xffff_ffffL);
    long source = mix(0, ports >>> 48);
    long target = mix(0, ports >>> 32 & 0xffff);
    long header = packet.address + packet.l3Offset;
    if (isIpv4(packet)) {
      source = mix(source, OffHeap.getIntBe(header + 12));
      target = mix(target, OffHeap.getIntBe(header + 16));
    } else if (isIpv6(packet)) {
      source = mix(mix(source, OffHeap.getLongBe(header + 8)), OffHeap.getLongBe(header + 16));
      target = mix(mix(target, OffHeap.getLongBe(header + 24)), OffHeap.getLongBe(header + 32));
    } else if (packet.l3Offset >= 14) {
      source = mix(source, OffHeap.getLongBe(packet.address + 6) >>> 16);
      target = mix(target, OffHeap.getLongBe(packet.address) >>> 16);
    }
    return fold(mix(hash, source + target));
  }

  /** Source and destination port, protocol and Ethernet type, 16 bits each. */
  private static long ports(Packet packet) {
    long ports = 0;
    if (packet.l4Offset != Packet.ABSENT
        && packet.fragment == 0
        && IpProtocol.hasPorts(packet.ipProtocol)) {
      ports = (long) OffHeap.getIntBe(packet.address + packet.l4Offset) << 32;
    }
    return ports | (long) packet.ipProtocol << 16 | packet.etherType;
  }

  private static boolean isIpv4(Packet packet) {
    return packet.etherType == EtherType.IPV4 && packet.l3End != Packet.ABSENT;
  }

  private static boolean isIpv6(Packet packet) {
    return packet.etherType == EtherType.IPV6 && packet.l3End != Packet.ABSENT;
  }

  private static long mix(long hash, long value) {
    long mixed = (hash ^ value) * GOLDEN;
    return mixed ^ mixed >>> 29;
  }

  private static int fold(long hash) {
    long mixed = hash * ODD;
    return (int) (mixed >>> 32);
  }
}
