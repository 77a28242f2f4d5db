package org.sluice.datapath.conntrack.fragment;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/** Cuts frames into fragments as a host would. */
public final class FrameCutter {
  private static final int ETHERNET_BYTES = 14;

  private FrameCutter() {}

  /** Fragments with {@code bytes}, rounded down to eight, of payload each. */
  public static List<byte[]> cut(byte[] frame, int bytes, int id) {
    boolean ipv6 = (frame[12] & 0xff) == 0x86;
    int header = ETHERNET_BYTES + (ipv6 ? 40 : 20);
    int step = bytes & ~7;
    List<byte[]> fragments = new ArrayList<>();
    for (int start = header; start < frame.length; start += step) {
      int end = Math.min(frame.length, start + step);
      ByteBuffer fragment = ByteBuffer.allocate(header + (ipv6 ? 8 : 0) + end - start);
      fragment.put(frame, 0, header);
      boolean isLast = end == frame.length;
      if (ipv6) {
        putIpv6(fragment, start - header, isLast, id);
      } else {
        putIpv4(fragment, start - header, isLast, id);
      }
      fragment.put(frame, start, end - start);
      fragments.add(withChecksum(fragment.array(), ipv6));
    }
    return fragments;
  }

  private static void putIpv4(ByteBuffer fragment, int start, boolean isLast, int id) {
    fragment.putShort(ETHERNET_BYTES + 2, (short) (fragment.capacity() - ETHERNET_BYTES));
    fragment.putShort(ETHERNET_BYTES + 4, (short) id);
    fragment.putShort(ETHERNET_BYTES + 6, (short) (start / 8 | (isLast ? 0 : 0x2000)));
  }

  private static void putIpv6(ByteBuffer fragment, int start, boolean isLast, int id) {
    fragment.putShort(ETHERNET_BYTES + 4, (short) (fragment.capacity() - ETHERNET_BYTES - 40));
    byte protocol = fragment.get(ETHERNET_BYTES + 6);
    fragment.put(ETHERNET_BYTES + 6, (byte) 44);
    fragment.put(protocol).put((byte) 0).putShort((short) (start | (isLast ? 0 : 1))).putInt(id);
  }

  /** An IPv4 frame with {@code bytes}, a multiple of four, of options that say nothing. */
  public static byte[] withOptions(byte[] frame, int bytes) {
    int header = ETHERNET_BYTES + 20;
    ByteBuffer longer = ByteBuffer.allocate(frame.length + bytes);
    longer.put(frame, 0, header).put("\1".repeat(bytes).getBytes(StandardCharsets.US_ASCII));
    longer.put(frame, header, frame.length - header);
    longer.put(ETHERNET_BYTES, (byte) (0x45 + bytes / 4));
    longer.putShort(ETHERNET_BYTES + 2, (short) (longer.capacity() - ETHERNET_BYTES));
    return withChecksum(longer.array(), false);
  }

  /** An IPv6 fragment with extension headers of {@code type}, of eight bytes each, before it. */
  public static byte[] behindExtensions(byte[] fragment, int type, int count) {
    int header = ETHERNET_BYTES + 40;
    ByteBuffer longer = ByteBuffer.allocate(fragment.length + 8 * count);
    longer.put(fragment, 0, header);
    for (int i = 0; i < count; i++) {
      int next = i < count - 1 ? type : fragment[ETHERNET_BYTES + 6];
      longer.put((byte) next).put((byte) 0).put(new byte[6]);
    }
    longer.put(fragment, header, fragment.length - header);
    longer.put(ETHERNET_BYTES + 6, (byte) type);
    longer.putShort(ETHERNET_BYTES + 4, (short) (longer.capacity() - header));
    return longer.array();
  }

  /** An IPv4 fragment after which others come. */
  public static byte[] continued(byte[] fragment) {
    byte[] other = fragment.clone();
    other[ETHERNET_BYTES + 6] |= 0x20;
    return withChecksum(other, false);
  }

  /** The IPv4 fragment's datagram ended at {@code start} by a last fragment that has no payload. */
  public static byte[] emptyLast(byte[] fragment, int start) {
    ByteBuffer empty = ByteBuffer.allocate(ETHERNET_BYTES + 20);
    empty.put(fragment, 0, empty.capacity());
    empty.putShort(ETHERNET_BYTES + 2, (short) 20);
    empty.putShort(ETHERNET_BYTES + 6, (short) (start / 8));
    return withChecksum(empty.array(), false);
  }

  private static byte[] withChecksum(byte[] frame, boolean ipv6) {
    if (ipv6) {
      return frame;
    }
    ByteBuffer header = ByteBuffer.wrap(frame, ETHERNET_BYTES, (frame[ETHERNET_BYTES] & 0xf) * 4);
    header.putShort(ETHERNET_BYTES + 10, (short) 0);
    int sum = 0;
    while (header.hasRemaining()) {
      sum += header.getShort() & 0xffff;
    }
    sum = (sum & 0xffff) + (sum >>> 16);
    header.putShort(ETHERNET_BYTES + 10, (short) ~(sum + (sum >>> 16)));
    return frame;
  }

  /** Fills a packet with a frame and parses it. */
  public static Packet load(byte[] frame, Packet packet) {
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    Parser.parse(packet);
    return packet;
  }
}
