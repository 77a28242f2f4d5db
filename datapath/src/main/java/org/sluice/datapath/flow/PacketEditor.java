package org.sluice.datapath.flow;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;
import org.sluice.datapath.packet.TransportChecksum;

/**
 * Sets header fields of a parsed packet in place and keeps its checksums right.
 *
 * <p>A field's value and mask are moved to where the field lies in its key word, and the word is
 * edited: so all fields of one header share one method. A checksum is updated by the difference,
 * never recomputed, so that one which was wrong stays wrong. Where a packet does not have the
 * header in question nothing happens and the result is false. Stateless.
 */
public final class PacketEditor {
  private static final long MAC_BITS = ~0xffffL;
  private static final long ARP_OPERATION_BITS = 0xffffL << 48;
  private static final long IPV4_BITS = 0xffffL << 32;
  private static final long IPV6_BITS = IPV4_BITS | 0xf_ffff;

  private PacketEditor() {}

  /** Sets all of a field of at most 64 bits. */
  public static boolean set(Packet packet, Field field, long value) {
    return set(packet, field, value, field.wordMask() >>> field.shift());
  }

  /** Sets the bits under {@code mask} of a field of at most 64 bits. */
  public static boolean set(Packet packet, Field field, long value, long mask) {
    assert !field.isWide() && !field.isOption() : field;
    long bits = mask << field.shift() & field.wordMask();
    return setWord(packet, field.word(), value << field.shift() & bits, bits);
  }

  /** Sets the bits under the mask of a 128-bit field. */
  public static boolean setWide(
      Packet packet, Field field, long high, long low, long maskHigh, long maskLow) {
    assert field.isWide() : field;
    long address = wideAddress(packet, field);
    if (address == 0) {
      return false;
    }
    long beforeHigh = OffHeap.getLongBe(address);
    long beforeLow = OffHeap.getLongBe(address + 8);
    long afterHigh = (beforeHigh & ~maskHigh) | (high & maskHigh);
    long afterLow = (beforeLow & ~maskLow) | (low & maskLow);
    if (field == Field.ND_TARGET) {
      TransportChecksum.dataChanged(packet, beforeHigh, afterHigh);
      TransportChecksum.dataChanged(packet, beforeLow, afterLow);
    } else if (field == Field.IPV6_SRC || !Parser.isSourceRouted(packet)) {
      TransportChecksum.addressChanged(packet, beforeHigh, afterHigh);
      TransportChecksum.addressChanged(packet, beforeLow, afterLow);
    }
    OffHeap.putLongBe(address, afterHigh);
    OffHeap.putLongBe(address + 8, afterLow);
    return true;
  }

  private static long wideAddress(Packet packet, Field field) {
    if (field == Field.ND_TARGET) {
      return NeighbourEditor.targetAddress(packet);
    }
    if (packet.etherType != EtherType.IPV6 || packet.l3End == Packet.ABSENT) {
      return 0;
    }
    return switch (field) {
      case IPV6_SRC -> packet.address + packet.l3Offset + 8;
      case IPV6_DST -> packet.address + packet.l3Offset + 24;
      default -> 0;
    };
  }

  private static boolean setWord(Packet packet, int word, long value, long mask) {
    return switch (word) {
      case Word.ETH_SRC -> setMac(packet, packet.address + 6, value, mask);
      case Word.ETH_DST -> setDestinationOrTag(packet, value, mask);
      case Word.IP -> setNetwork(packet, value, mask);
      case Word.IPV4 -> setIpv4Addresses(packet, value, mask);
      case Word.L4 -> setTransport(packet, value, mask);
      case Word.SOURCE_LINK, Word.TARGET_LINK -> setLink(packet, word, value, mask);
      case Word.ND_EXTENSION -> NeighbourEditor.setExtension(packet, value, mask);
      case Word.MPLS -> setLabel(packet, value, mask);
      case Word.META_HASH, Word.META_TYPE -> setMetadata(packet, word, value, mask);
      default -> false;
    };
  }

  private static boolean setMac(Packet packet, long address, long value, long mask) {
    if (packet.packetType != 0 || packet.l3Offset == Packet.ABSENT) {
      return false;
    }
    putMasked(address, value & MAC_BITS, mask & MAC_BITS);
    return true;
  }

  private static boolean setDestinationOrTag(Packet packet, long value, long mask) {
    if ((mask & 0xffff) == 0) {
      return setMac(packet, packet.address, value, mask);
    }
    if (packet.vlanTags == 0) {
      return false;
    }
    int bits = (int) mask & 0xefff;
    long address = packet.address + 14;
    int before = OffHeap.getUnsignedShortBe(address);
    OffHeap.putShortBe(address, (before & ~bits) | ((int) value & bits));
    return true;
  }

  private static boolean setNetwork(Packet packet, long value, long mask) {
    if (EtherType.isArp(packet.etherType)) {
      return setArpOperation(packet, value, mask);
    }
    if (packet.payloadOffset == Packet.ABSENT) {
      return false;
    }
    if (packet.etherType == EtherType.IPV4 && (mask & ~IPV4_BITS) == 0) {
      setIpv4(packet, value, mask);
      return true;
    }
    if (packet.etherType == EtherType.IPV6 && (mask & ~IPV6_BITS) == 0) {
      setIpv6(packet, value, mask);
      return true;
    }
    return false;
  }

  private static boolean setArpOperation(Packet packet, long value, long mask) {
    if (!FlowExtractor.hasArp(packet) || (mask & ~ARP_OPERATION_BITS) != 0) {
      return false;
    }
    long address = packet.address + packet.l3Offset + 6;
    int bits = (int) (mask >>> 48);
    int before = OffHeap.getUnsignedShortBe(address);
    OffHeap.putShortBe(address, (before & ~bits) | ((int) (value >>> 48) & bits));
    return true;
  }

  private static void setIpv4(Packet packet, long value, long mask) {
    long header = packet.address + packet.l3Offset;
    int tosBits = (int) (mask >>> 40) & 0xff;
    int ttlBits = (int) (mask >>> 32) & 0xff;
    replaceInIpv4(header, header, (int) (value >>> 40) & tosBits, tosBits);
    replaceInIpv4(header, header + 8, ((int) (value >>> 32) & ttlBits) << 8, ttlBits << 8);
  }

  /** Sets bits of one aligned 16-bit word of an IPv4 header. */
  private static void replaceInIpv4(long header, long address, int value, int mask) {
    if (mask == 0) {
      return;
    }
    int before = OffHeap.getUnsignedShortBe(address);
    int after = (before & ~mask) | value;
    OffHeap.putShortBe(address, after);
    int checksum = OffHeap.getUnsignedShortBe(header + 10);
    OffHeap.putShortBe(header + 10, Checksum.update(checksum, before, after));
  }

  private static void setIpv6(Packet packet, long value, long mask) {
    long header = packet.address + packet.l3Offset;
    int bits = ((int) (mask >>> 40) & 0xff) << 20 | ((int) mask & 0xf_ffff);
    int wanted = ((int) (value >>> 40) & 0xff) << 20 | ((int) value & 0xf_ffff);
    int before = OffHeap.getIntBe(header);
    OffHeap.putIntBe(header, (before & ~bits) | (wanted & bits));
    int hopBits = (int) (mask >>> 32) & 0xff;
    int hops = OffHeap.getUnsignedByte(header + 7);
    OffHeap.putByte(header + 7, (byte) ((hops & ~hopBits) | ((int) (value >>> 32) & hopBits)));
  }

  private static boolean setIpv4Addresses(Packet packet, long value, long mask) {
    long header = packet.address + packet.l3Offset;
    if (EtherType.isArp(packet.etherType)) {
      if (!FlowExtractor.hasArp(packet)) {
        return false;
      }
      putMasked(header + 14, (int) (value >>> 32), (int) (mask >>> 32));
      putMasked(header + 24, (int) value, (int) mask);
      return true;
    }
    if (packet.etherType != EtherType.IPV4 || packet.l3End == Packet.ABSENT) {
      return false;
    }
    long before = OffHeap.getLongBe(header + 12);
    long after = (before & ~mask) | value;
    OffHeap.putLongBe(header + 12, after);
    int checksum = OffHeap.getUnsignedShortBe(header + 10);
    OffHeap.putShortBe(header + 10, Checksum.update(checksum, before, after));
    TransportChecksum.addressChanged(packet, before, after);
    return true;
  }

  private static boolean setTransport(Packet packet, long value, long mask) {
    if (packet.l4Offset == Packet.ABSENT) {
      return false;
    }
    long header = packet.address + packet.l4Offset;
    if (IpProtocol.hasPorts(packet.ipProtocol)) {
      int bits = (int) (mask >>> 32);
      int before = OffHeap.getIntBe(header);
      int after = (before & ~bits) | ((int) (value >>> 32) & bits);
      TransportChecksum.putPorts(packet, before, after);
      return true;
    }
    if (packet.ipProtocol == IpProtocol.ICMP || packet.ipProtocol == IpProtocol.ICMPV6) {
      int bits = byteAt(mask, 48) << 8 | byteAt(mask, 32);
      int wanted = byteAt(value, 48) << 8 | byteAt(value, 32);
      int before = OffHeap.getUnsignedShortBe(header);
      int after = (before & ~bits) | (wanted & bits);
      OffHeap.putShortBe(header, after);
      TransportChecksum.dataChanged(packet, before, after);
      return true;
    }
    return false;
  }

  private static boolean setLink(Packet packet, int word, long value, long mask) {
    boolean source = word == Word.SOURCE_LINK;
    if (!EtherType.isArp(packet.etherType)) {
      return NeighbourEditor.setLink(packet, source, value, mask);
    }
    if (!FlowExtractor.hasArp(packet)) {
      return false;
    }
    putMasked(packet.address + packet.l3Offset + (source ? 8 : 18), value, mask);
    return true;
  }

  private static boolean setLabel(Packet packet, long value, long mask) {
    if (!EtherType.isMpls(packet.etherType) || packet.l3Offset + 4 > packet.length) {
      return false;
    }
    putMasked(packet.address + packet.l3Offset, (int) (value >>> 32), (int) (mask >>> 32));
    return true;
  }

  private static boolean setMetadata(Packet packet, int word, long value, long mask) {
    if (word == Word.META_HASH) {
      packet.pktMark = (packet.pktMark & ~(int) mask) | (int) value;
      packet.dpHash = (packet.dpHash & ~(int) (mask >>> 32)) | (int) (value >>> 32);
    } else {
      packet.skbPriority = (packet.skbPriority & ~(int) (mask >>> 32)) | (int) (value >>> 32);
    }
    return true;
  }

  private static int byteAt(long word, int shift) {
    return (int) (word >>> shift) & 0xff;
  }

  private static void putMasked(long address, long value, long mask) {
    OffHeap.putLongBe(address, (OffHeap.getLongBe(address) & ~mask) | value);
  }

  private static void putMasked(long address, int value, int mask) {
    OffHeap.putIntBe(address, (OffHeap.getIntBe(address) & ~mask) | value);
  }
}
