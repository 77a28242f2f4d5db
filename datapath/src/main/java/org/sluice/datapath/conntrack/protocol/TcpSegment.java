package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getIntBe;
import static org.sluice.base.memory.OffHeap.getUnsignedByte;
import static org.sluice.base.memory.OffHeap.getUnsignedShortBe;

import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/** A TCP header, read without allocation: everything by the address of the header. Stateless. */
public final class TcpSegment {
  static final int FIN = 0x01;
  static final int SYN = 0x02;
  static final int RST = 0x04;
  static final int PSH = 0x08;
  static final int ACK = 0x10;
  static final int URG = 0x20;

  /** The largest shift that RFC 7323 allows. */
  static final int MAX_SCALE = 14;

  /** The largest window that a SYN can offer. */
  static final int MAX_UNSCALED_WINDOW = 0xffff;

  private static final int HEADER_BYTES = 20;
  private static final int OPTION_END = 0;
  private static final int OPTION_NOP = 1;
  private static final int OPTION_WINDOW_SCALE = 3;

  private TcpSegment() {}

  static int flags(long header) {
    return getUnsignedByte(header + 13);
  }

  /** The sequence number. */
  public static int sequence(long header) {
    return getIntBe(header + 4);
  }

  static int acknowledgement(long header) {
    return getIntBe(header + 8);
  }

  static int window(long header) {
    return getUnsignedShortBe(header + 14);
  }

  /** Bytes of payload of a packet that passed {@link KeyReader#read}. */
  public static int payloadBytes(Packet packet) {
    return packet.l3End - packet.l4Offset - Parser.tcpHeaderBytes(packet.address + packet.l4Offset);
  }

  /** Whether no sane sender sets these flags together. */
  static boolean hasInvalidFlags(int flags) {
    if ((flags & SYN) != 0 && (flags & (RST | FIN)) != 0) {
      return true;
    }
    boolean hasAck = (flags & ACK) != 0;
    boolean opensOrResets = (flags & (SYN | RST)) != 0;
    return !hasAck && (!opensOrResets || (flags & (FIN | PSH | URG)) != 0);
  }

  /** Whether a packet may start a connection: a SYN, or anything mid-stream, not a SYN+ACK. */
  public static boolean mayStart(Packet packet) {
    int flags = flags(packet.address + packet.l4Offset);
    return !hasInvalidFlags(flags) && (flags & (SYN | ACK)) != (SYN | ACK);
  }

  /** Whether a packet is a SYN, by itself or with an acknowledgement. */
  public static boolean isSyn(Packet packet) {
    return (flags(packet.address + packet.l4Offset) & SYN) != 0;
  }

  /** Whether a packet is a SYN by itself. */
  public static boolean isOpening(Packet packet) {
    return (flags(packet.address + packet.l4Offset) & (SYN | ACK)) == SYN;
  }

  /** The window scale option of a SYN, in the form of {@link TcpPeer#scale}; 0 without one. */
  static int scaleOption(long header) {
    long end = header + Parser.tcpHeaderBytes(header);
    long at = header + HEADER_BYTES;
    while (at + 3 <= end) {
      int kind = getUnsignedByte(at);
      if (kind == OPTION_END) {
        return 0;
      }
      if (kind == OPTION_WINDOW_SCALE) {
        return Math.min(getUnsignedByte(at + 2), MAX_SCALE) | TcpPeer.SCALE_KNOWN;
      }
      at += kind == OPTION_NOP ? 1 : Math.max(getUnsignedByte(at + 1), 2);
    }
    return 0;
  }
}
