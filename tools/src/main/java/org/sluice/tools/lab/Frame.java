package org.sluice.tools.lab;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A frame as bytes, with the few views that probes need, and builders for the ones that no socket
 * would send. Every view answers for any bytes; on a frame of another kind it says 0 or false.
 */
final class Frame {
  static final int TCP_FIN = 0x01;
  static final int TCP_SYN = 0x02;
  static final int TCP_RST = 0x04;
  static final int TCP_PSH = 0x08;
  static final int TCP_ACK = 0x10;

  private static final int ETHERNET = 14;
  private static final int PROTOCOL_ICMP = 1;
  private static final int PROTOCOL_TCP = 6;

  private final byte[] bytes;

  /** Takes over {@code bytes}, which nobody may change any more. */
  Frame(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The bytes, not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** Link and network addresses of a frame to build. */
  record Ends(long sourceMac, long destinationMac, int sourceIp, int destinationIp) {}

  /** The TCP header of a frame to build. */
  record Segment(
      int sourcePort, int destinationPort, long sequence, long acknowledgement, int flags) {}

  long sourceMac() {
    return bytes.length < ETHERNET ? 0 : (long) shortAt(6) << 32 | (intAt(8) & 0xffff_ffffL);
  }

  boolean isArp() {
    return bytes.length >= ETHERNET && shortAt(12) == 0x0806;
  }

  boolean isIpv4() {
    return bytes.length >= ETHERNET + 20 && shortAt(12) == 0x0800;
  }

  boolean isTcp() {
    return isIpv4()
        && (bytes[ETHERNET + 9] & 0xff) == PROTOCOL_TCP
        && bytes.length >= ETHERNET + ipHeaderBytes() + 20;
  }

  boolean isIcmp() {
    return isIpv4()
        && (bytes[ETHERNET + 9] & 0xff) == PROTOCOL_ICMP
        && bytes.length >= ETHERNET + ipHeaderBytes() + 8;
  }

  int sourceIp() {
    return isIpv4() ? intAt(ETHERNET + 12) : 0;
  }

  int destinationIp() {
    return isIpv4() ? intAt(ETHERNET + 16) : 0;
  }

  int sourcePort() {
    return isTcp() ? shortAt(l4()) : 0;
  }

  int destinationPort() {
    return isTcp() ? shortAt(l4() + 2) : 0;
  }

  long sequence() {
    return isTcp() ? intAt(l4() + 4) & 0xffff_ffffL : 0;
  }

  long acknowledgement() {
    return isTcp() ? intAt(l4() + 8) & 0xffff_ffffL : 0;
  }

  int tcpFlags() {
    return isTcp() ? bytes[l4() + 13] & 0x3f : 0;
  }

  int icmpType() {
    return isIcmp() ? bytes[l4()] & 0xff : -1;
  }

  /** The TCP payload; empty for anything else. */
  byte[] payload() {
    if (!isTcp()) {
      return new byte[0];
    }
    int start = l4() + ((bytes[l4() + 12] & 0xf0) >> 2);
    int end = Math.min(bytes.length, ETHERNET + shortAt(ETHERNET + 2));
    return start < end ? Arrays.copyOfRange(bytes, start, end) : new byte[0];
  }

  boolean carries(String text) {
    return new String(payload(), StandardCharsets.ISO_8859_1).contains(text);
  }

  /** An ICMP echo request. */
  static Frame echoRequest(Ends ends, int id, int sequence) {
    ByteBuffer icmp = ByteBuffer.allocate(8 + 32);
    icmp.put((byte) 8).put((byte) 0).putShort((short) 0);
    icmp.putShort((short) id).putShort((short) sequence);
    icmp.putShort(2, (short) checksum(icmp.array(), 0, icmp.capacity(), 0));
    return ipv4(ends, PROTOCOL_ICMP, icmp.array());
  }

  /** A TCP segment with a right checksum. */
  static Frame tcp(Ends ends, Segment segment, byte[] data) {
    ByteBuffer tcp = ByteBuffer.allocate(20 + data.length);
    tcp.putShort((short) segment.sourcePort).putShort((short) segment.destinationPort);
    tcp.putInt((int) segment.sequence).putInt((int) segment.acknowledgement);
    tcp.put((byte) 0x50).put((byte) segment.flags).putShort((short) 0xffff);
    tcp.putShort((short) 0).putShort((short) 0).put(data);
    ByteBuffer pseudo = ByteBuffer.allocate(12);
    pseudo.putInt(ends.sourceIp).putInt(ends.destinationIp);
    pseudo.putShort((short) PROTOCOL_TCP).putShort((short) tcp.capacity());
    int start = sum(pseudo.array(), 0, 12);
    tcp.putShort(16, (short) checksum(tcp.array(), 0, tcp.capacity(), start));
    return ipv4(ends, PROTOCOL_TCP, tcp.array());
  }

  private static Frame ipv4(Ends ends, int protocol, byte[] payload) {
    ByteBuffer frame = ByteBuffer.allocate(Math.max(60, ETHERNET + 20 + payload.length));
    putMac(frame, ends.destinationMac);
    putMac(frame, ends.sourceMac);
    frame.putShort((short) 0x0800);
    frame.put((byte) 0x45).put((byte) 0).putShort((short) (20 + payload.length));
    frame.putShort((short) 0).putShort((short) 0x4000);
    frame.put((byte) 64).put((byte) protocol).putShort((short) 0);
    frame.putInt(ends.sourceIp).putInt(ends.destinationIp);
    frame.putShort(ETHERNET + 10, (short) checksum(frame.array(), ETHERNET, 20, 0));
    frame.put(payload);
    return new Frame(frame.array());
  }

  /**
   * The same frame with its TCP checksum computed, as a device that offloads it would have sent it.
   */
  Frame withTcpChecksum() {
    if (!isTcp()) {
      return this;
    }
    byte[] copy = bytes.clone();
    ByteBuffer frame = ByteBuffer.wrap(copy);
    int tcpBytes = Math.min(copy.length, ETHERNET + shortAt(ETHERNET + 2)) - l4();
    ByteBuffer pseudo = ByteBuffer.allocate(12);
    pseudo.putInt(sourceIp()).putInt(destinationIp());
    pseudo.putShort((short) PROTOCOL_TCP).putShort((short) tcpBytes);
    frame.putShort(l4() + 16, (short) 0);
    frame.putShort(l4() + 16, (short) checksum(copy, l4(), tcpBytes, sum(pseudo.array(), 0, 12)));
    return new Frame(copy);
  }

  private static void putMac(ByteBuffer to, long mac) {
    to.putShort((short) (mac >>> 32)).putInt((int) mac);
  }

  private static int checksum(byte[] data, int from, int count, int start) {
    int total = start + sum(data, from, count);
    total = (total & 0xffff) + (total >>> 16);
    total = (total & 0xffff) + (total >>> 16);
    return ~total & 0xffff;
  }

  private static int sum(byte[] data, int from, int count) {
    int total = 0;
    for (int i = 0; i < count; i++) {
      int value = data[from + i] & 0xff;
      total += i % 2 == 0 ? value << 8 : value;
    }
    return total;
  }

  private int l4() {
    return ETHERNET + ipHeaderBytes();
  }

  private int ipHeaderBytes() {
    return (bytes[ETHERNET] & 0x0f) * 4;
  }

  private int shortAt(int index) {
    return (bytes[index] & 0xff) << 8 | (bytes[index + 1] & 0xff);
  }

  private int intAt(int index) {
    return shortAt(index) << 16 | shortAt(index + 2);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Frame frame && Arrays.equals(bytes, frame.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
