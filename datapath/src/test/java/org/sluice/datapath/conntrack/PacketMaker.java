package org.sluice.datapath.conntrack;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/** Makes parsed packets with right checksums, in one buffer that it uses again. */
public final class PacketMaker {
  public static final int FIN = 1;
  public static final int SYN = 2;
  public static final int RST = 4;
  public static final int PSH = 8;
  public static final int ACK = 16;

  private final Packet packet = new Packet();

  public PacketMaker() {
    packet.bufferStart = OffHeap.allocate(Packet.BUFFER_BYTES, 64);
    packet.bufferEnd = packet.bufferStart + Packet.BUFFER_BYTES;
  }

  /** A TCP segment's header fields. */
  public record Segment(int flags, int sequence, int acknowledgement, int window, int scale) {
    public static Segment of(int flags, long sequence, long acknowledgement) {
      return new Segment(flags, (int) sequence, (int) acknowledgement, 65535, -1);
    }
  }

  /** An end of a conversation. */
  public record End(String address, int port) {}

  public Packet tcp(End from, End to, Segment segment, byte[] payload) {
    return ip(from, to, IpProtocol.TCP, tcpBytes(from, to, segment, payload));
  }

  public Packet tcp(End from, End to, Segment segment, String payload) {
    return tcp(from, to, segment, payload.getBytes(StandardCharsets.US_ASCII));
  }

  static byte[] tcpBytes(End from, End to, Segment segment, byte[] payload) {
    int optionBytes = segment.scale() >= 0 ? 8 : 0;
    ByteBuffer tcp = ByteBuffer.allocate(20 + optionBytes + payload.length);
    tcp.putShort((short) from.port()).putShort((short) to.port());
    tcp.putInt(segment.sequence()).putInt(segment.acknowledgement());
    tcp.put((byte) (((20 + optionBytes) / 4) << 4)).put((byte) segment.flags());
    tcp.putShort((short) segment.window()).putInt(0);
    if (optionBytes != 0) {
      tcp.put((byte) 4).put((byte) 2).put((byte) 1);
      tcp.put((byte) 3).put((byte) 3).put((byte) segment.scale()).putShort((short) 0);
    }
    return tcp.put(payload).array();
  }

  public Packet udp(End from, End to, String payload) {
    return ip(from, to, IpProtocol.UDP, udpBytes(from, to, payload));
  }

  static byte[] udpBytes(End from, End to, String payload) {
    byte[] data = payload.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer udp = ByteBuffer.allocate(8 + data.length);
    udp.putShort((short) from.port()).putShort((short) to.port());
    return udp.putShort((short) (8 + data.length)).putShort((short) 0).put(data).array();
  }

  /** An ICMP query; the identifier is the sender's port. */
  public Packet icmp(End from, End to, int type, int id) {
    ByteBuffer icmp = ByteBuffer.allocate(16);
    icmp.put((byte) type).put((byte) 0).putShort((short) 0).putShort((short) id);
    return ip(from, to, icmpProtocol(from), icmp.array());
  }

  /** An ICMP error that quotes an IP packet. */
  public Packet icmpError(End from, End to, int type, byte[] quoted) {
    ByteBuffer icmp = ByteBuffer.allocate(8 + quoted.length);
    icmp.put((byte) type).put((byte) 1).position(8).put(quoted);
    return ip(from, to, icmpProtocol(from), icmp.array());
  }

  private static int icmpProtocol(End end) {
    return end.address().contains(":") ? IpProtocol.ICMPV6 : IpProtocol.ICMP;
  }

  /** The IP packet of the frame made last. */
  public byte[] lastIpBytes() {
    byte[] bytes = new byte[packet.length - packet.l3Offset];
    OffHeap.copyOut(packet.address + packet.l3Offset, bytes, 0, bytes.length);
    return bytes;
  }

  /** A packet of any protocol; TCP, UDP, ICMP and SCTP checksums are filled in. */
  public Packet ip(End from, End to, int protocol, byte[] payload) {
    boolean ipv6 = from.address().contains(":");
    ByteBuffer frame = ByteBuffer.allocate(14 + (ipv6 ? 40 : 20) + payload.length);
    frame.position(12).putShort((short) (ipv6 ? 0x86dd : 0x0800));
    if (ipv6) {
      frame.putInt(0x6000_0000).putShort((short) payload.length);
      frame.put((byte) protocol).put((byte) 64);
    } else {
      frame.putShort((short) 0x4500).putShort((short) (20 + payload.length)).putInt(0);
      frame.put((byte) 64).put((byte) protocol).putShort((short) 0);
    }
    frame.put(bytes(from.address())).put(bytes(to.address())).put(payload);
    return load(frame.array(), ipv6);
  }

  private Packet load(byte[] frame, boolean ipv6) {
    packet.reset();
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    Parser.parse(packet);
    if (!ipv6) {
      Checksum.fillIpv4Header(packet);
    }
    Checksum.fillTransport(packet);
    return packet;
  }

  private static byte[] bytes(String address) {
    try {
      return InetAddress.getByName(address).getAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
