package org.sluice.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.sluice.datapath.netdev.pcap.PcapWriter;

/**
 * Made-up traffic: the same bytes for the same numbers on every machine.
 *
 * <pre>
 *   UDP flow i: 10.0.0.1 + i % 65536, port 1024 + 7 i % 60000 -> 11.0.0.1 + i / 65536, port 80
 *   Ethernet 0..13 | IPv4 14..33, DF, TTL 64 | UDP 34..41 | 18 zero bytes 42..59
 * </pre>
 */
final class Traffic {
  private static final int FRAME_BYTES = 60;
  private static final int IP = 14;
  private static final int UDP = 34;
  private static final int UDP_BYTES = 26;

  private Traffic() {}

  /** Writes one frame for each of {@code flows} UDP flows. */
  static void writeUdp(Path file, int flows) throws IOException {
    try (PcapWriter writer = PcapWriter.create(file)) {
      for (int i = 0; i < flows; i++) {
        writer.write(i * 1000L, udp(i));
      }
    }
  }

  /** The frame of UDP flow {@code i}. */
  static byte[] udp(int i) {
    ByteBuffer frame = ByteBuffer.allocate(FRAME_BYTES);
    frame.putShort((short) 0x0200).putInt(2);
    frame.putShort((short) 0x0200).putInt(1);
    frame.putShort((short) 0x0800);
    frame.putShort((short) 0x4500).putShort((short) (FRAME_BYTES - IP));
    frame.putShort((short) 0).putShort((short) 0x4000).putShort((short) 0x4011).putShort((short) 0);
    frame.putInt(0x0a00_0001 + i % 65536).putInt(0x0b00_0001 + i / 65536);
    frame.putShort((short) (1024 + 7L * i % 60_000)).putShort((short) 80);
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
