package org.sluice.datapath.conntrack;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * Frames for a tracker to lose its footing on: what a few hosts might send each other, answers to
 * what was sent before, errors about it, and all of that with some bytes changed or cut off. Drawn
 * from a seed.
 */
final class FuzzPackets {
  private static final int REMEMBERED = 64;
  private static final int ETHERNET_BYTES = 14;
  private static final int[] OTHER_PROTOCOLS = {
    IpProtocol.GRE, IpProtocol.DCCP, IpProtocol.UDP_LITE, IpProtocol.IGMP, 200
  };
  private static final int[] PORTS = {1, 80, 600, 5060, 40_000, 65_535};

  /** SCTP chunks with the verification tag left out: INIT, INIT ACK, DATA, SHUTDOWN, ABORT, end. */
  private static final int[] CHUNKS = {1, 2, 0, 7, 6, 14, 10, 11};

  private final Random random;
  private final PacketMaker maker = new PacketMaker();
  private final List<byte[]> sent = new ArrayList<>();

  FuzzPackets(Random random) {
    this.random = random;
  }

  /** Has later frames answer this one, repeat it, or complain of it. */
  void remember(Packet packet) {
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    if (sent.size() < REMEMBERED) {
      sent.add(frame);
    } else {
      sent.set(random.nextInt(REMEMBERED), frame);
    }
  }

  /** The next frame. */
  byte[] next() {
    int dice = random.nextInt(10);
    byte[] frame =
        sent.isEmpty() || dice < 3
            ? bytes(fresh())
            : dice < 5 ? oneSent() : dice < 9 ? answer(oneSent()) : error(oneSent());
    return random.nextInt(4) == 0 ? mutated(frame) : frame;
  }

  private byte[] oneSent() {
    return sent.get(random.nextInt(sent.size())).clone();
  }

  private static byte[] bytes(Packet packet) {
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    return frame;
  }

  // --- Packets by themselves.

  private End end(boolean ipv6, int firstHost) {
    int host = firstHost + random.nextInt(3);
    return new End((ipv6 ? "fd00::" : "10.0.0.") + host, PORTS[random.nextInt(PORTS.length)]);
  }

  private Packet fresh() {
    boolean ipv6 = random.nextInt(3) == 0;
    End from = end(ipv6, 1);
    End to = end(ipv6, random.nextInt(8) == 0 ? 1 : 5);
    String text = "x".repeat(random.nextInt(40));
    return switch (random.nextInt(6)) {
      case 0, 1 -> maker.tcp(from, to, segment(), text);
      case 2 -> maker.udp(from, to, text);
      case 3 -> maker.ip(from, to, IpProtocol.SCTP, sctp(from, to));
      case 4 -> maker.icmp(from, to, ipv6 ? 128 : 8, from.port());
      default -> other(from, to);
    };
  }

  private Segment segment() {
    int flags = random.nextInt(3) == 0 ? random.nextInt(64) : PacketMaker.SYN;
    int scale = (flags & PacketMaker.SYN) == 0 ? -1 : random.nextInt(17) - 1;
    return new Segment(flags, random.nextInt(), random.nextInt(), random.nextInt(65_536), scale);
  }

  private byte[] sctp(End from, End to) {
    int type = CHUNKS[random.nextInt(CHUNKS.length)];
    ByteBuffer sctp = ByteBuffer.allocate(32);
    sctp.putShort((short) from.port()).putShort((short) to.port());
    sctp.putInt(type == 1 ? 0 : random.nextInt(3)).putInt(0);
    sctp.put((byte) type).put((byte) 0).putShort((short) 20).putInt(1 + random.nextInt(3));
    return sctp.array();
  }

  private Packet other(End from, End to) {
    byte[] payload = new byte[20 + random.nextInt(20)];
    ByteBuffer header = ByteBuffer.wrap(payload);
    header.putShort((short) from.port()).putShort((short) to.port());
    int protocol = OTHER_PROTOCOLS[random.nextInt(OTHER_PROTOCOLS.length)];
    if (protocol == IpProtocol.GRE) {
      header.putShort(0, (short) (random.nextBoolean() ? 0x2000 : 0x2001));
    } else if (protocol == IpProtocol.DCCP) {
      header.put(4, (byte) 4);
    }
    return maker.ip(from, to, protocol, payload);
  }

  // --- Packets about others.

  /** A parsed packet with these bytes. */
  private static Packet load(byte[] frame, Packet packet) {
    packet.reset();
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    Parser.parse(packet);
    return packet;
  }

  private static boolean isIpv6(byte[] frame) {
    return (frame[12] & 0xff) == 0x86;
  }

  private static void swap(byte[] bytes, int one, int other, int count) {
    for (int i = 0; i < count; i++) {
      byte kept = bytes[one + i];
      bytes[one + i] = bytes[other + i];
      bytes[other + i] = kept;
    }
  }

  /** What the receiver of a frame might say to it. */
  byte[] answer(byte[] frame) {
    Packet packet = load(frame, scratch());
    if (packet.l4Offset == Packet.ABSENT) {
      return frame;
    }
    int addresses = ETHERNET_BYTES + (isIpv6(frame) ? 8 : 12);
    int addressBytes = isIpv6(frame) ? 16 : 4;
    swap(frame, addresses, addresses + addressBytes, addressBytes);
    int at = packet.l4Offset;
    switch (packet.ipProtocol) {
      case IpProtocol.ICMP -> frame[at] = (byte) (frame[at] == 8 ? 0 : 8);
      case IpProtocol.ICMPV6 -> frame[at] = (byte) (frame[at] == (byte) 128 ? 129 : 128);
      case IpProtocol.TCP -> answerTcp(frame, packet);
      case IpProtocol.SCTP -> answerSctp(frame, at);
      default -> {
        if (IpProtocol.isTrackedByPorts(packet.ipProtocol)) {
          swap(frame, at, at + 2, 2);
        }
      }
    }
    return withChecksums(frame);
  }

  private void answerTcp(byte[] bytes, Packet packet) {
    int at = packet.l4Offset;
    swap(bytes, at, at + 2, 2);
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    int flags = frame.get(at + 13);
    int headerBytes = (frame.get(at + 12) >>> 4 & 0xf) * 4;
    int octets = packet.l3End - at - headerBytes + ((flags & 3) == 0 ? 0 : 1);
    int sequence = frame.getInt(at + 4);
    int acknowledgement = frame.getInt(at + 8);
    frame.putInt(at + 4, acknowledgement).putInt(at + 8, sequence + octets);
    int own = PacketMaker.ACK | (random.nextInt(4) == 0 ? 1 << random.nextInt(3) : 0);
    frame.put(at + 13, (byte) ((flags & 18) == PacketMaker.SYN ? 18 : own));
  }

  private void answerSctp(byte[] bytes, int at) {
    swap(bytes, at, at + 2, 2);
    ByteBuffer frame = ByteBuffer.wrap(bytes);
    boolean isOpening = frame.get(at + 12) == 1;
    frame.putInt(at + 4, isOpening ? frame.getInt(at + 16) : 1 + random.nextInt(3));
    frame.put(at + 12, (byte) (isOpening ? 2 : CHUNKS[random.nextInt(CHUNKS.length)]));
  }

  private byte[] error(byte[] frame) {
    boolean ipv6 = isIpv6(frame);
    int most = 8 + 20 + random.nextInt(60);
    byte[] quoted = new byte[Math.min(frame.length - ETHERNET_BYTES, most)];
    System.arraycopy(frame, ETHERNET_BYTES, quoted, 0, quoted.length);
    End router = new End((ipv6 ? "fd00::" : "10.0.0.") + (5 + random.nextInt(3)), 0);
    byte[] made = bytes(maker.icmpError(router, router, ipv6 ? 1 : 3, quoted));
    int from = ETHERNET_BYTES + (ipv6 ? 8 : 12);
    int addressBytes = ipv6 ? 16 : 4;
    System.arraycopy(frame, from, made, from + addressBytes, addressBytes);
    return withChecksums(made);
  }

  // --- Changes.

  private byte[] mutated(byte[] frame) {
    int keep = random.nextInt(4) == 0 ? ETHERNET_BYTES + random.nextInt(frame.length) : 1500;
    byte[] changed = Arrays.copyOf(frame, Math.min(frame.length, keep));
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = ETHERNET_BYTES + random.nextInt(Math.max(1, changed.length - ETHERNET_BYTES));
      if (at < changed.length) {
        changed[at] =
            (byte)
                (random.nextBoolean() ? changed[at] ^ 1 << random.nextInt(8) : random.nextInt(256));
      }
    }
    return random.nextInt(3) == 0 ? changed : withChecksums(changed);
  }

  private Packet scratch() {
    return maker.icmp(new End("10.0.0.1", 1), new End("10.0.0.2", 1), 8, 1);
  }

  private byte[] withChecksums(byte[] frame) {
    Packet packet = load(frame, scratch());
    if (packet.etherType == EtherType.IPV4 && packet.payloadOffset != Packet.ABSENT) {
      Checksum.fillIpv4Header(packet);
    }
    if (packet.fragment == 0) {
      Checksum.fillTransport(packet);
    }
    return bytes(packet);
  }
}
