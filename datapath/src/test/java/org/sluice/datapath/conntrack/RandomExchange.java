package org.sluice.datapath.conntrack;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;

/**
 * Packets that two hosts might exchange, most of them honest, some of them not: TCP, UDP or ICMP,
 * drawn from a seed. Each call of {@link #next} makes one.
 */
final class RandomExchange {
  private static final int SYN = PacketMaker.SYN;
  private static final int ACK = PacketMaker.ACK;
  private static final int FIN = PacketMaker.FIN;
  private static final int RST = PacketMaker.RST;

  private static final List<String> REOPENING =
      List.of(
          "syn of a new life",
          "challenge",
          "reset on challenge",
          "syn again",
          "answer",
          "ack of the answer");

  private final Random random;
  private final PacketMaker maker;
  private final End[] ends;
  private final int kind;
  private final long[] next = new long[2];
  private final boolean[] closed = new boolean[2];
  private final int scale;
  private int step;
  private int direction;

  /** Steps of the handshake that were made. */
  private int opened;

  /** Steps left of an exchange in which the side {@code direction} of the first has restarted. */
  private int reopening;

  /** The sequence number of the new life's SYN. */
  private long fresh;

  private String what = "";
  private byte[] lastSent = new byte[0];
  private int lastDirection;

  RandomExchange(Random random, PacketMaker maker, int port) {
    this.random = random;
    this.maker = maker;
    this.kind = random.nextInt(4);
    this.ends = new End[] {new End(KernelTracker.CLIENT, port), new End(KernelTracker.SERVER, 80)};
    this.scale = random.nextInt(3) == 0 ? -1 : random.nextInt(15);
    next[0] = random.nextInt() & 0xffff_ffffL;
    next[1] = random.nextInt() & 0xffff_ffffL;
  }

  /** Who sends the packet made last: 0 = the client. */
  int direction() {
    return direction;
  }

  /** What it is. */
  String what() {
    return what;
  }

  Packet next() {
    Packet packet =
        switch (kind) {
          case 0, 1 -> tcp();
          case 2 -> udp();
          default -> icmp();
        };
    step++;
    if (!what.startsWith("error")) {
      lastSent = maker.lastIpBytes();
      lastDirection = direction;
    }
    return packet;
  }

  // --- TCP.

  private Packet tcp() {
    if (step < 3 && random.nextInt(20) != 0) {
      return opening();
    }
    if (reopening > 0) {
      return reopen();
    }
    int dice = random.nextInt(100);
    if (dice < 4 && lastSent.length > 0) {
      return error();
    }
    direction = random.nextInt(2);
    if (dice < 60) {
      return data(random.nextInt(1000), "data");
    }
    if (dice < 70) {
      return data(0, "ack");
    }
    if (dice < 80) {
      return close();
    }
    return odd(dice);
  }

  private Packet opening() {
    direction = step == 1 ? 1 : 0;
    what = step == 0 ? "syn" : step == 1 ? "syn+ack" : "first ack";
    int flags = step == 0 ? SYN : step == 1 ? SYN | ACK : ACK;
    Packet packet = segment(flags, next[direction], step == 0 ? 0 : next[1 - direction], 0);
    if (step < 2) {
      next[direction]++;
    }
    opened++;
    return packet;
  }

  private Packet data(int bytes, String name) {
    what = name;
    Packet packet = segment(ACK, next[direction], next[1 - direction], bytes);
    next[direction] += bytes;
    return packet;
  }

  private Packet close() {
    what = closed[direction] ? "fin again" : "fin";
    long sequence = closed[direction] ? next[direction] - 1 : next[direction];
    Packet packet = segment(FIN | ACK, sequence, next[1 - direction], 0);
    if (!closed[direction]) {
      closed[direction] = true;
      next[direction]++;
    }
    return packet;
  }

  /** What an attacker, or a confused host, sends. */
  private Packet odd(int dice) {
    long own = next[direction];
    long other = next[1 - direction];
    long far = own + (random.nextBoolean() ? 1 : -1) * (300_000_000L + random.nextInt(1000));
    return switch (dice % 9) {
      case 0 -> named("far data", segment(ACK, far, other, 100));
      case 1 -> named("far ack", segment(ACK, own, other + 300_000_000L, 100));
      case 2 -> reset(own, other);
      case 3 -> named("far reset", segment(RST, far, 0, 0));
      case 4 -> named("syn+fin", segment(SYN | FIN, own, 0, 0));
      case 5 -> named("no flags", segment(0, own, 0, 0));
      case 6 -> broken(segment(ACK, own, other, 10));
      case 7 -> named("xmas", segment(FIN | 0x08 | 0x20, own, 0, 0));
      default -> {
        reopening = isOpen() ? REOPENING.size() : 0;
        yield isOpen() ? reopen() : data(0, "ack");
      }
    };
  }

  private Packet reset(long own, long other) {
    opened = 0;
    return named("reset", segment(RST | ACK, own, other, 0));
  }

  /** Whether both sides think so, after a whole handshake. */
  private boolean isOpen() {
    return opened == 3 && !closed[0] && !closed[1];
  }

  /** The side that sent last has restarted: a SYN, a challenge, a reset, the SYN again. */
  private Packet reopen() {
    String name = REOPENING.get(REOPENING.size() - reopening);
    reopening--;
    return switch (name) {
      case "syn of a new life" -> {
        fresh = random.nextInt() & 0xffff_ffffL;
        yield named(name, segment(SYN, fresh, 0, 0));
      }
      case "challenge" -> {
        direction = 1 - direction;
        yield named(name, segment(ACK, next[direction], next[1 - direction], 0));
      }
      case "reset on challenge" -> {
        direction = 1 - direction;
        yield named(name, segment(RST, next[direction], 0, 0));
      }
      case "syn again" -> {
        next[direction] = fresh + 1;
        yield named(name, segment(SYN, fresh, 0, 0));
      }
      case "ack of the answer" -> {
        direction = 1 - direction;
        yield named(name, segment(ACK, next[direction], next[1 - direction], 0));
      }
      default -> {
        direction = 1 - direction;
        next[direction] = random.nextInt() & 0xffff_ffffL;
        yield named(name, segment(SYN | ACK, next[direction]++, next[1 - direction], 0));
      }
    };
  }

  private Packet named(String name, Packet packet) {
    what = name;
    return packet;
  }

  private Packet broken(Packet packet) {
    what = "bad checksum";
    long last = packet.address + packet.length - 1;
    OffHeap.putByte(last, (byte) (OffHeap.getByte(last) ^ 0x55));
    return packet;
  }

  private Packet segment(int flags, long sequence, long acknowledgement, int bytes) {
    int option = (flags & SYN) != 0 ? scale : -1;
    Segment segment = new Segment(flags, (int) sequence, (int) acknowledgement, 30_000, option);
    return maker.tcp(ends[direction], ends[1 - direction], segment, new byte[bytes]);
  }

  // --- UDP and ICMP.

  private Packet udp() {
    if (random.nextInt(8) == 0 && lastSent.length > 0) {
      return error();
    }
    direction = step == 0 ? 0 : random.nextInt(2);
    what = "datagram";
    Packet packet = maker.udp(ends[direction], ends[1 - direction], "x".repeat(random.nextInt(9)));
    return random.nextInt(8) == 0 ? broken(packet) : packet;
  }

  private Packet icmp() {
    if (random.nextInt(8) == 0 && lastSent.length > 0) {
      return error();
    }
    int id = ends[0].port();
    direction = random.nextInt(2);
    int type = random.nextInt(10) == 0 ? 13 + random.nextInt(3) : direction == 0 ? 8 : 0;
    what = "icmp " + type;
    return maker.icmp(ends[direction], ends[1 - direction], type, id);
  }

  /** An ICMP error about the last packet, or about one that never was. */
  private Packet error() {
    direction = 1 - lastDirection;
    byte[] quoted = lastSent.clone();
    boolean isTrue = random.nextBoolean();
    what = isTrue ? "error" : "error about nothing";
    if (!isTrue) {
      quoted[20] ^= (byte) 0x80;
      quoted[24] ^= (byte) 0x80;
    }
    ByteBuffer icmp = ByteBuffer.allocate(8 + Math.min(quoted.length, 28));
    icmp.put((byte) 3).put((byte) 1).position(8).put(quoted, 0, icmp.remaining());
    String net = direction == 0 ? "10.77.1.9" : "10.77.2.9";
    End from = new End(random.nextBoolean() ? net : ends[direction].address(), 0);
    Packet packet = maker.ip(from, ends[1 - direction], IpProtocol.ICMP, icmp.array());
    Checksum.fillTransport(packet);
    return packet;
  }
}
