package org.sluice.datapath.netdev.dummy;

import java.nio.ByteBuffer;

/** What a host with one IPv4 address answers to ARP. Stateless. */
final class ArpReply {
  private static final int FRAME_BYTES = 42;
  private static final int REQUEST = 1;
  private static final int REPLY = 2;
  private static final int ARP = 0x0806;
  private static final long ETHERNET_IPV4 = 0x0001_0800_0604L;

  private ArpReply() {}

  /** The answer to {@code frame}; null where it asks for something else than {@code address}. */
  static byte[] to(byte[] frame, int address, long mac) {
    if (frame.length < FRAME_BYTES) {
      return null;
    }
    ByteBuffer in = ByteBuffer.wrap(frame);
    boolean asks =
        (in.getShort(12) & 0xffff) == ARP
            && in.getLong(14) >>> 16 == ETHERNET_IPV4
            && in.getShort(20) == REQUEST
            && in.getInt(38) == address;
    return asks ? answer(in, address, mac) : null;
  }

  private static byte[] answer(ByteBuffer in, int address, long mac) {
    ByteBuffer out = ByteBuffer.allocate(FRAME_BYTES);
    byte[] asker = new byte[6];
    in.get(22, asker);
    out.put(asker);
    putMac(out, mac);
    out.putShort((short) ARP);
    out.putShort((short) 1).putShort((short) 0x0800).put((byte) 6).put((byte) 4);
    out.putShort((short) REPLY);
    putMac(out, mac);
    out.putInt(address);
    out.put(asker);
    out.putInt(in.getInt(28));
    return out.array();
  }

  private static void putMac(ByteBuffer out, long mac) {
    out.putShort((short) (mac >>> 32)).putInt((int) mac);
  }
}
