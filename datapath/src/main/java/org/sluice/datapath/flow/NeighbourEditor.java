package org.sluice.datapath.flow;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.TransportChecksum;

/** Changes neighbour solicitations and advertisements (RFC 4861) in place. Stateless. */
final class NeighbourEditor {
  private static final int TARGET_OFFSET = 8;
  private static final int OPTIONS_OFFSET = 24;
  private static final int OPTION_BYTES = 8;

  private NeighbourEditor() {}

  /** Where the target address lies; 0 if this is no whole neighbour message. */
  static long targetAddress(Packet packet) {
    return isNeighbour(packet) ? packet.address + packet.l4Offset + TARGET_OFFSET : 0;
  }

  private static boolean isNeighbour(Packet packet) {
    if (packet.etherType != EtherType.IPV6
        || packet.ipProtocol != IpProtocol.ICMPV6
        || packet.l4Offset == Packet.ABSENT
        || packet.l4Offset + OPTIONS_OFFSET > packet.l3End) {
      return false;
    }
    int start = OffHeap.getUnsignedShortBe(packet.address + packet.l4Offset);
    return start == 135 << 8 || start == 136 << 8;
  }

  /** Sets the link address in the option for the source or the target; false if it is not there. */
  static boolean setLink(Packet packet, boolean source, long value, long mask) {
    if (!isNeighbour(packet)) {
      return false;
    }
    long option = findLink(packet, source ? 1 : 2);
    if (option == 0) {
      return false;
    }
    replace(packet, option, value >>> 16, mask >>> 16);
    return true;
  }

  private static long findLink(Packet packet, int wanted) {
    int offset = packet.l4Offset + OPTIONS_OFFSET;
    while (offset + OPTION_BYTES <= packet.l3End) {
      int start = OffHeap.getUnsignedShortBe(packet.address + offset);
      if (start == (wanted << 8 | 1)) {
        return packet.address + offset;
      }
      int bytes = (start & 0xff) * OPTION_BYTES;
      if (bytes == 0) {
        return 0;
      }
      offset += bytes;
    }
    return 0;
  }

  /** Sets the reserved word (high 32 bits) and the first option's type (low 8 bits). */
  static boolean setExtension(Packet packet, long value, long mask) {
    if (!isNeighbour(packet)) {
      return false;
    }
    long header = packet.address + packet.l4Offset;
    long reservedMask = mask >>> 32;
    if (reservedMask != 0) {
      replace(packet, header, value >>> 32, reservedMask);
    }
    long typeMask = (mask & 0xff) << 56;
    boolean hasOption = packet.l4Offset + OPTIONS_OFFSET + OPTION_BYTES <= packet.l3End;
    if (typeMask != 0 && hasOption) {
      replace(packet, header + OPTIONS_OFFSET, value << 56, typeMask);
    }
    return typeMask == 0 || hasOption;
  }

  /** Sets bits of eight bytes of the message and updates its checksum. */
  private static void replace(Packet packet, long address, long value, long mask) {
    long before = OffHeap.getLongBe(address);
    long after = (before & ~mask) | (value & mask);
    OffHeap.putLongBe(address, after);
    TransportChecksum.dataChanged(packet, before, after);
  }
}
