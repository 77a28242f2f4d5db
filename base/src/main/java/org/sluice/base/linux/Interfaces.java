package org.sluice.base.linux;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import org.sluice.base.memory.OffHeap;

/**
 * Questions and orders about a network interface, through any socket of its namespace. Each answers
 * with a result, or with a negative errno. Stateless.
 *
 * <pre>
 *   struct ifreq, 40 bytes:  name 0..15 (NUL at the end)   value 16..39
 * </pre>
 */
public final class Interfaces {
  /** The longest name, in bytes. */
  public static final int MAX_NAME_BYTES = 15;

  public static final int IFF_UP = 1;
  public static final int IFF_LOOPBACK = 8;
  public static final int IFF_RUNNING = 0x40;

  /** Bytes of a {@code struct ifreq}. */
  public static final int IFREQ_BYTES = 40;

  private static final int VALUE = 16;
  private static final int SIOCGIFNAME = 0x8910;
  private static final int SIOCGIFFLAGS = 0x8913;
  private static final int SIOCSIFFLAGS = 0x8914;
  private static final int SIOCGIFMTU = 0x8921;
  private static final int SIOCSIFMTU = 0x8922;
  private static final int SIOCSIFHWADDR = 0x8924;
  private static final int SIOCGIFHWADDR = 0x8927;
  private static final int SIOCGIFINDEX = 0x8933;
  private static final short ARPHRD_ETHER = 1;

  private Interfaces() {}

  /** Writes {@code name} to the head of the ifreq at {@code ifreq}, NUL-padded. */
  public static void putName(long ifreq, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    OffHeap.clear(ifreq, VALUE);
    OffHeap.copyIn(bytes, 0, ifreq, Math.min(bytes.length, MAX_NAME_BYTES));
  }

  public static int index(int socket, String name) {
    return readInt(socket, SIOCGIFINDEX, name);
  }

  /** Whether the interface with this index exists: 0 or a negative errno. */
  public static int probe(int socket, int index) {
    try (Arena arena = Arena.ofConfined()) {
      long ifreq = arena.allocate(IFREQ_BYTES, 8).address();
      OffHeap.putInt(ifreq + VALUE, index);
      return FileDescriptors.ioctl(socket, SIOCGIFNAME, ifreq);
    }
  }

  public static int mtu(int socket, String name) {
    return readInt(socket, SIOCGIFMTU, name);
  }

  public static int setMtu(int socket, String name, int mtuBytes) {
    try (Arena arena = Arena.ofConfined()) {
      long ifreq = ifreq(arena, name);
      OffHeap.putInt(ifreq + VALUE, mtuBytes);
      return FileDescriptors.ioctl(socket, SIOCSIFMTU, ifreq);
    }
  }

  /** {@link #IFF_UP}, {@link #IFF_RUNNING} and others. */
  public static int flags(int socket, String name) {
    int value = readInt(socket, SIOCGIFFLAGS, name);
    return value < 0 ? value : value & 0xffff;
  }

  /** Sets the administrative state. */
  public static int setUp(int socket, String name, boolean up) {
    int flags = flags(socket, name);
    if (flags < 0) {
      return flags;
    }
    try (Arena arena = Arena.ofConfined()) {
      long ifreq = ifreq(arena, name);
      OffHeap.putShort(ifreq + VALUE, (short) (up ? flags | IFF_UP : flags & ~IFF_UP));
      return FileDescriptors.ioctl(socket, SIOCSIFFLAGS, ifreq);
    }
  }

  /** The hardware address, 48 bits. */
  public static long mac(int socket, String name) {
    try (Arena arena = Arena.ofConfined()) {
      long ifreq = ifreq(arena, name);
      int result = FileDescriptors.ioctl(socket, SIOCGIFHWADDR, ifreq);
      return result < 0 ? result : OffHeap.getLongBe(ifreq + VALUE) & 0xffff_ffff_ffffL;
    }
  }

  public static int setMac(int socket, String name, long mac) {
    try (Arena arena = Arena.ofConfined()) {
      long ifreq = ifreq(arena, name);
      OffHeap.putLongBe(ifreq + VALUE, mac);
      OffHeap.putShort(ifreq + VALUE, ARPHRD_ETHER);
      return FileDescriptors.ioctl(socket, SIOCSIFHWADDR, ifreq);
    }
  }

  private static int readInt(int socket, int request, String name) {
    try (Arena arena = Arena.ofConfined()) {
      long ifreq = ifreq(arena, name);
      int result = FileDescriptors.ioctl(socket, request, ifreq);
      return result < 0 ? result : OffHeap.getInt(ifreq + VALUE);
    }
  }

  private static long ifreq(Arena arena, String name) {
    long ifreq = arena.allocate(IFREQ_BYTES, 8).address();
    putName(ifreq, name);
    return ifreq;
  }
}
