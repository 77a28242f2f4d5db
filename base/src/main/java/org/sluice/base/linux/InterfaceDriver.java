package org.sluice.base.linux;

import java.lang.foreign.Arena;
import org.sluice.base.memory.OffHeap;

/**
 * What drives a network interface, by ethtool's questions.
 *
 * <pre>
 *   struct ethtool_drvinfo   command 0..3   driver 4..35   version 36..67   firmware 68..99
 *                            ...   statistics' count 180..183   ... 195
 *   struct ethtool_stats     command 0..3   count 4..7   values of 8 bytes
 * </pre>
 *
 * @param peerIndex index of the other end of a veth; 0 for others
 */
public record InterfaceDriver(String name, String version, String firmware, long peerIndex) {
  private static final int SIOCETHTOOL = 0x8946;
  private static final int GET_DRIVER = 3;
  private static final int GET_STATISTICS = 0x1d;
  private static final int DRIVER_BYTES = 196;
  private static final int TEXT_BYTES = 32;
  private static final int COUNT_AT = 180;
  private static final int VALUES_AT = 8;

  /** More than any driver has; a count beyond it is not believed. */
  private static final int MAX_STATISTICS = 1 << 16;

  /** Asks through any socket of the interface's namespace; null where it does not say. */
  public static InterfaceDriver of(int socket, String interfaceName) {
    try (Arena arena = Arena.ofConfined()) {
      long told = arena.allocate(DRIVER_BYTES, 8).address();
      if (ask(arena, socket, interfaceName, GET_DRIVER, told) < 0) {
        return null;
      }
      String driver = text(told + 4);
      int count = OffHeap.getInt(told + COUNT_AT);
      long peer = driver.equals("veth") ? peerOf(arena, socket, interfaceName, count) : 0;
      return new InterfaceDriver(
          driver, text(told + 4 + TEXT_BYTES), text(told + 4 + 2 * TEXT_BYTES), peer);
    }
  }

  /** A veth's first counter is its peer. */
  private static long peerOf(Arena arena, int socket, String interfaceName, int count) {
    if (count <= 0 || count > MAX_STATISTICS) {
      return 0;
    }
    // Room for as many again: a veth that gets more queues meanwhile gets more counters.
    long told = arena.allocate(VALUES_AT + 16L * count, 8).address();
    OffHeap.putInt(told + 4, count);
    int result = ask(arena, socket, interfaceName, GET_STATISTICS, told);
    return result < 0 ? 0 : OffHeap.getLong(told + VALUES_AT);
  }

  private static int ask(Arena arena, int socket, String interfaceName, int command, long data) {
    long ifreq = arena.allocate(Interfaces.IFREQ_BYTES, 8).address();
    Interfaces.putName(ifreq, interfaceName);
    OffHeap.putLong(ifreq + 16, data);
    OffHeap.putInt(data, command);
    return FileDescriptors.ioctl(socket, SIOCETHTOOL, ifreq);
  }

  private static String text(long address) {
    StringBuilder text = new StringBuilder();
    for (long at = address; at < address + TEXT_BYTES && OffHeap.getByte(at) != 0; at++) {
      text.append((char) (OffHeap.getByte(at) & 0x7f));
    }
    return text.toString();
  }
}
