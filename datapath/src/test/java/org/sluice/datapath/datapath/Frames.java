package org.sluice.datapath.datapath;

import java.nio.ByteBuffer;
import java.util.Random;

/** Frames for tests. Values come from small sets, so that random flows meet again. */
final class Frames {
  private Frames() {}

  /** A UDP or TCP frame over IPv4, checksums of the transport header left 0. */
  static byte[] ipv4(int protocol, int source, int target, int ports, int tcpFlags) {
    ByteBuffer frame = ByteBuffer.allocate(64);
    link(frame, -1, 0x0800);
    int start = frame.position();
    frame.put((byte) 0x45).put((byte) 0).putShort((short) (protocol == 6 ? 40 : 46));
    frame.putInt(0x4000).put((byte) 64).put((byte) protocol).putShort((short) 0);
    frame.putInt(source).putInt(target);
    frame.putShort(start + 10, (short) checksum(frame, start, 20));
    transport(frame, protocol, ports, tcpFlags);
    return trimmed(frame, 60);
  }

  /** A frame of any kind that the datapath tells apart. */
  static byte[] random(Random random) {
    int kind = random.nextInt(12);
    if (kind == 0) {
      byte[] any = new byte[10 + random.nextInt(60)];
      random.nextBytes(any);
      return any;
    }
    ByteBuffer frame = ByteBuffer.allocate(128);
    int tag = kind < 4 ? random.nextInt(3) : -1;
    if (kind == 1) {
      link(frame, tag, 0x0806);
      frame.putLong(0x0001_0800_0604_0001L).putInt(random.nextInt(4));
      return trimmed(frame, 60);
    }
    int protocol = random.nextBoolean() ? 6 : 17;
    int ports = random.nextInt(4) << 16 | random.nextInt(4);
    if (kind < 8) {
      link(frame, tag, 0x0800);
      frame.put((byte) 0x45).put((byte) random.nextInt(2)).putShort((short) 40);
      frame.putInt(0).put((byte) (64 - random.nextInt(2))).put((byte) protocol).putShort((short) 0);
      frame.putInt(0x0a000000 | random.nextInt(4)).putInt(0x0b000000 | random.nextInt(4));
    } else {
      link(frame, tag, 0x86dd);
      frame.putInt(0x6000_0000 | random.nextInt(2)).putShort((short) 20);
      frame.put((byte) protocol).put((byte) 64);
      frame.putLong(0x2001_0000_0000_0000L).putLong(random.nextInt(4));
      frame.putLong(0x2001_0000_0000_0001L).putLong(random.nextInt(4));
    }
    transport(frame, protocol, ports, random.nextInt(4));
    return trimmed(frame, frame.position());
  }

  private static void link(ByteBuffer frame, int tag, int type) {
    frame.putShort((short) 0x0200).putInt(2).putShort((short) 0x0200).putInt(1);
    if (tag >= 0) {
      frame.putShort((short) 0x8100).putShort((short) tag);
    }
    frame.putShort((short) type);
  }

  private static void transport(ByteBuffer frame, int protocol, int ports, int tcpFlags) {
    frame.putInt(ports);
    if (protocol == 6) {
      frame.putInt(1000).putInt(2000).putShort((short) (0x5000 | tcpFlags)).putShort((short) 99);
      frame.putInt(0);
    } else {
      frame.putShort((short) 20).putShort((short) 0).putLong(0).putInt(0);
    }
  }

  private static int checksum(ByteBuffer frame, int start, int bytes) {
    int sum = 0;
    for (int i = start; i < start + bytes; i += 2) {
      sum += frame.getShort(i) & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    return ~(sum + (sum >>> 16));
  }

  private static byte[] trimmed(ByteBuffer frame, int bytes) {
    byte[] result = new byte[bytes];
    frame.get(0, result);
    return result;
  }
}
