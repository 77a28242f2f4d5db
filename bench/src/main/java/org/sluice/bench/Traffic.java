package org.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.sluice.datapath.netdev.pcap.PcapWriter;

/**
 * Made-up traffic: the same bytes for the same numbers on every machine.
 *
 * <pre>
 *   UDP flow i: 10.0.0.1 + i % 65536, port 1024 + 7 i % 60000 -> 11.0.0.1 + i / 65536, port 80
 *   Ethernet 0..13 | IPv4 14..33, DF, TTL 64 | UDP 34..41 | 18 zero bytes 42..59
 * </pre>
 */
public final class Traffic {
  private static final int FRAME_BYTES = 60;
  private static final int IP = 14;
  private static final int UDP = 34;
  private static final int UDP_BYTES = 26;
  private static final int FIRST_SOURCE = 0x0a00_0001;
  private static final int FIRST_TARGET = 0x0b00_0001;
  private static final int SERVICE = 80;
  private static final int ALLOWED_SOURCE_PORT = 12_345;
  static final int PROVOKED_MASKS = 32 * 16 * 16;

  private Traffic() {}

  /** Writes one frame for each of {@code flows} UDP flows. */
  static void writeUdp(Path file, int flows) throws IOException {
    try (PcapWriter writer = PcapWriter.create(file)) {
      for (int i = 0; i < flows; i++) {
        writer.write(i * 1000L, udp(i));
      }
    }
  }

  /** Writes {@code frames} frames of a flow each, all of whose addresses and ports are random. */
  static void writeRandom(Path file, int frames) throws IOException {
    Random random = new Random(5);
    try (PcapWriter writer = PcapWriter.create(file)) {
      for (int i = 0; i < frames; i++) {
        writer.write(i * 1000L, udp(random.nextInt(), random.nextInt(), random.nextInt()));
      }
    }
  }

  /**
   * Writes the frames of 1,000 flows, and among ten of them one that {@link BenchPolicy#TSE} asks
   * the classifier about with a mask of its own: it differs from what the policy allows in the
   * first bit of source address, source port and destination port that it can. Without {@code
   * attack} an ordinary one is in its place.
   */
  static void writeProvoked(Path file, boolean attack) throws IOException {
    writeProvoked(file, attack, PROVOKED_MASKS);
  }

  /** The same with the first so many masks, of 8,192. */
  static void writeProvoked(Path file, boolean attack, int masks) throws IOException {
    try (PcapWriter writer = PcapWriter.create(file)) {
      int sent = 0;
      for (int mask = 0; mask < masks; mask++) {
        for (int i = 0; i < 10; i++) {
          boolean isProvoking = attack && i == 9;
          byte[] frame = isProvoking ? provoking(mask) : udp(sent % 1000);
          writer.write(sent * 1000L, frame);
          sent++;
        }
      }
    }
  }

  /** The frame for mask 0 to 8,191: as many bits of each field are as allowed, the next is not. */
  private static byte[] provoking(int mask) {
    int source = differingAt(FIRST_SOURCE, mask >>> 8, 32);
    int sourcePort = differingAt(ALLOWED_SOURCE_PORT, mask >>> 4 & 15, 16);
    int targetPort = differingAt(SERVICE, mask & 15, 16);
    return udp(source, FIRST_TARGET, sourcePort << 16 | targetPort);
  }

  private static int differingAt(int value, int bit, int width) {
    int flipped = 1 << (width - 1 - bit);
    return (value & -(flipped << 1)) | (~value & flipped);
  }

  /** The frame of UDP flow {@code i}. */
  public static byte[] udp(int i) {
    int sourcePort = (int) (1024 + 7L * i % 60_000);
    return udp(FIRST_SOURCE + i % 65536, FIRST_TARGET + i / 65536, sourcePort << 16 | SERVICE);
  }

  private static byte[] udp(int source, int target, int ports) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    frame.putShort((short) 0x0200).putInt(2);
    frame.putShort((short) 0x0200).putInt(1);
    frame.putShort((short) 0x0800);
    frame.putShort((short) 0x4500).putShort((short) (FRAME_BYTES - IP));
    frame.putShort((short) 0).putShort((short) 0x4000).putShort((short) 0x4011).putShort((short) 0);
    frame.putInt(source).putInt(target).putInt(ports);
    frame.putShort((short) UDP_BYTES).putShort((short) 0);
    frame.putShort(IP + 10, (short) ~sum(frame, IP, UDP, 0));
    int pseudo = sum(frame, IP + 12, UDP, 17 + UDP_BYTES);
    frame.putShort(UDP + 6, (short) ~sum(frame, UDP, FRAME_BYTES, pseudo));
    return frame.array();
  }

  /** The one's-complement sum of the bytes from {@code start} to {@code end}. */
  private static int sum(ByteBuffer frame, int start, int end, int initial) {
    int total = initial;
    for (int at = start; at < end; at += 2) {
      total += Short.toUnsignedInt(frame.getShort(at));
    }
    total = (total & 0xffff) + (total >>> 16);
    return (total & 0xffff) + (total >>> 16);
  }
}
