package org.sluice.datapath.packet;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.sluice.base.memory.OffHeap;

/** Frames for tests, as byte arrays written out by hand, and how to put them into packets. */
public final class Frames {
  public static final String MACS = "0200000000aa 020000000001";

  private Frames() {}

  /** Bytes written as hexadecimal digits, spaces ignored. */
  public static byte[] hex(String... digits) {
    return HexFormat.of().parseHex(String.join("", digits).replace(" ", ""));
  }

  /** Joins parts. */
  public static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  /** A packet of its own memory, whose frame ends exactly where its buffer does. */
  public static Packet packet(byte[] frame) {
    Packet packet = new Packet();
    int room = Packet.HEADROOM_BYTES + frame.length;
    packet.bufferStart = OffHeap.allocate(room, 8);
    packet.bufferEnd = packet.bufferStart + room;
    packet.reset();
    packet.vlanLimit = Parser.MAX_VLAN_TAGS;
    return load(packet, frame);
  }

  /** Puts {@code frame} into {@code packet}, unparsed. */
  public static Packet load(Packet packet, byte[] frame) {
    packet.reset();
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    return packet;
  }

  /** The frame's bytes. */
  public static byte[] bytes(Packet packet) {
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    return frame;
  }

  /** An Ethernet frame. */
  public static byte[] ethernet(String typeAndTags, byte[] payload) {
    return join(hex(MACS, typeAndTags), payload);
  }

  /** An IPv4 header without options (checksum 0), and its payload. */
  public static byte[] ipv4(int protocol, int fragmentField, byte[] payload) {
    return join(
        hex(
            "4508",
            digits(20 + payload.length, 4),
            "1234",
            digits(fragmentField, 4),
            "40",
            digits(protocol, 2),
            "0000 0a000001 0a000002"),
        payload);
  }

  /** An IPv6 header and its payload. */
  public static byte[] ipv6(int next, byte[] payload) {
    return join(
        hex(
            "6ab54321",
            digits(payload.length, 4),
            digits(next, 2),
            "40",
            "20010db8000000000000000000000001 20010db80000000000000000000000fe"),
        payload);
  }

  /** A TCP header with the SYN flag and a window scale option, and its payload. */
  public static byte[] tcp(byte[] payload) {
    return join(hex("1f90 0050 00000001 00000000 6002 2000 0000 0000 01030307"), payload);
  }

  /** A UDP header (checksum 0) and its payload. */
  public static byte[] udp(byte[] payload) {
    return join(hex("0035 c000", digits(8 + payload.length, 4), "0000"), payload);
  }

  /** A neighbour solicitation or advertisement with both link address options. */
  public static byte[] neighbour(int type) {
    return hex(
        digits(type, 2),
        "00 0000 60000000 fe800000000000000000000000000007",
        "0501 000005dc 0000",
        "0101 020000000011",
        "0201 020000000022");
  }

  /** {@code value} as {@code count} hexadecimal digits. */
  public static String digits(int value, int count) {
    String all = HexFormat.of().toHexDigits(value);
    return all.substring(all.length() - count);
  }

  /** One frame of every shape that the parser knows. */
  public static List<byte[]> everyShape() {
    List<byte[]> shapes = new ArrayList<>();
    byte[] data = hex("00112233445566778899");
    for (byte[] packet : ipv4Shapes(data)) {
      shapes.add(ethernet("0800", packet));
      shapes.add(ethernet("8100 2064 0800", packet));
    }
    for (byte[] packet : ipv6Shapes(data)) {
      shapes.add(ethernet("86dd", packet));
      shapes.add(ethernet("88a8 0064 8100 e00a 86dd", packet));
    }
    shapes.addAll(otherShapes());
    return shapes;
  }

  private static List<byte[]> ipv4Shapes(byte[] data) {
    byte[] withOptions = ipv4(17, 0, join(hex("94040000"), udp(data)));
    withOptions[0] = 0x46;
    return List.of(
        ipv4(6, 0, tcp(data)),
        ipv4(17, 0x4000, udp(data)),
        withOptions,
        ipv4(132, 0, hex("0005 0006 00000007 00000000 00030010")),
        ipv4(1, 0, hex("0800 0000 00010002")),
        ipv4(2, 0, hex("1600 0000 e0000001")),
        ipv4(47, 0, data),
        ipv4(6, 0x2000, tcp(data)),
        ipv4(6, 0x2003, tcp(data)),
        join(ipv4(17, 0, udp(data)), new byte[20]));
  }

  private static List<byte[]> ipv6Shapes(byte[] data) {
    return List.of(
        ipv6(6, tcp(data)),
        ipv6(17, udp(data)),
        ipv6(0, join(hex("2b00010400000000 3c01000000000000 0000000000000000"), new byte[8])),
        ipv6(0, join(hex("3b00010400000000"), data)),
        ipv6(60, join(hex("3300010400000000 0601000000000001 00000002"), tcp(data))),
        ipv6(44, join(hex("1100000100000009"), udp(data))),
        ipv6(44, join(hex("1100001900000009"), udp(data))),
        ipv6(44, join(hex("1100000000000009"), udp(data))),
        ipv6(58, hex("8000 0000 00010002")),
        ipv6(58, neighbour(135)),
        ipv6(58, neighbour(136)),
        ipv6(58, join(neighbour(136), hex("0201 020000000033"))),
        ipv6(58, join(neighbour(136), hex("0300 020000000033"))),
        ipv6(0, join(hex("0000000000000000".repeat(33), "1100000000000000"), udp(data))));
  }

  private static List<byte[]> otherShapes() {
    String arp = "0001 0800 0604 0001 0200000000aa 0a000001 000000000000 0a000002";
    return List.of(
        ethernet("0806", hex(arp)),
        ethernet("8100 0001 0806", hex(arp.replace("0604 0001", "0604 0101"))),
        ethernet("8035", hex(arp)),
        ethernet("0806", hex(arp.replace("0800 0604", "86dd 0610"))),
        ethernet("8847", hex("0001003f 00020140 4500")),
        ethernet("8848", hex("0001003f 0002003f 0003003f 0004013f 4500")),
        ethernet("0026", hex("424203000000 00000000")),
        ethernet("002e", join(hex("aaaa03000000 0800"), ipv4(17, 0, udp(new byte[3])))),
        ethernet("0026", hex("aaaa03000000 0020 00000000")),
        ethernet("8100 0001 8100 0002 8100 0003 0800", ipv4(17, 0, udp(new byte[3]))),
        ethernet("894f", hex("0fc6 01 03 0000 64ff 00000001 00000002 00000003 00000004")),
        ethernet("894f", hex("0fc2 02 03 0000 64ff 00000001")),
        ethernet("88cc", hex("0207")));
  }

  /** Changes a few bytes of {@code frame}, mostly near its start, and sometimes its length. */
  public static byte[] mutate(byte[] frame, Random random) {
    byte[] copy = frame.clone();
    int changes = random.nextInt(4);
    for (int i = 0; i < changes && copy.length > 0; i++) {
      copy[random.nextInt(copy.length)] = (byte) random.nextInt();
    }
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(copy, random.nextInt(copy.length + 1));
      case 1 -> Arrays.copyOf(copy, copy.length + random.nextInt(20));
      default -> copy;
    };
  }

  /** A random source whose seed is {@code -Dseed=}, or new. */
  public static long seed() {
    return Long.getLong("seed", System.nanoTime());
  }
}
