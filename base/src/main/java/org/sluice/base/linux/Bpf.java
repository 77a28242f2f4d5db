package org.sluice.base.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import org.sluice.base.memory.OffHeap;

/**
 * Maps and programs that run in the kernel, by {@code bpf(2)}. Stateless; what is made is a file
 * descriptor, closed on exec, and goes when the last one that refers to it is closed.
 */
public final class Bpf {
  private static final LibcFunction SYSCALL = LibcFunction.variadic("syscall", 1);

  private static final int ATTRIBUTE_BYTES = 128;
  private static final int MAP_CREATE = 0;
  private static final int MAP_UPDATE = 2;
  private static final int PROGRAM_LOAD = 5;
  private static final int LINK_CREATE = 28;

  private static final int MAP_OF_XDP_SOCKETS = 17;
  private static final int PROGRAM_XDP = 6;
  private static final int ATTACH_XDP = 37;

  private Bpf() {}

  /** The number of bpf(2), which no C library has a function for. */
  private static int number() {
    return System.getProperty("os.arch").equals("aarch64") ? 280 : 321;
  }

  private static int call(int command, long attributes, String attempted) throws LinuxException {
    return (int) check(SYSCALL.call(number(), command, attributes, ATTRIBUTE_BYTES), attempted);
  }

  /** A map from the numbers below {@code entries} to AF_XDP sockets. */
  public static int socketMap(int entries) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long attributes = arena.allocate(ATTRIBUTE_BYTES, 8).address();
      OffHeap.putInt(attributes, MAP_OF_XDP_SOCKETS);
      OffHeap.putInt(attributes + 4, Integer.BYTES);
      OffHeap.putInt(attributes + 8, Integer.BYTES);
      OffHeap.putInt(attributes + 12, entries);
      return call(MAP_CREATE, attributes, "make a map of AF_XDP sockets");
    }
  }

  /** Puts {@code value} at {@code key} of a map of ints. */
  public static void put(int map, int key, int value) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long attributes = arena.allocate(ATTRIBUTE_BYTES, 8).address();
      long entry = arena.allocate(8, 4).address();
      OffHeap.putInt(entry, key);
      OffHeap.putInt(entry + 4, value);
      OffHeap.putInt(attributes, map);
      OffHeap.putLong(attributes + 8, entry);
      OffHeap.putLong(attributes + 16, entry + 4);
      call(MAP_UPDATE, attributes, "put a socket into an XDP map");
    }
  }

  /** Loads a program for devices; each instruction is one {@code long}. */
  public static int loadXdp(long... instructions) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long attributes = arena.allocate(ATTRIBUTE_BYTES, 8).address();
      long code = arena.allocate(8L * instructions.length, 8).address();
      for (int i = 0; i < instructions.length; i++) {
        OffHeap.putLong(code + 8L * i, instructions[i]);
      }
      OffHeap.putInt(attributes, PROGRAM_XDP);
      OffHeap.putInt(attributes + 4, instructions.length);
      OffHeap.putLong(attributes + 8, code);
      OffHeap.putLong(attributes + 16, arena.allocateFrom("Dual BSD/GPL").address());
      return call(PROGRAM_LOAD, attributes, "load an XDP program");
    }
  }

  /**
   * Has the device run a program for what it receives, until the descriptor returned is closed, by
   * whatever end of the process.
   */
  public static int attachXdp(int program, int ifindex, int flags) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long attributes = arena.allocate(ATTRIBUTE_BYTES, 8).address();
      OffHeap.putInt(attributes, program);
      OffHeap.putInt(attributes + 4, ifindex);
      OffHeap.putInt(attributes + 8, ATTACH_XDP);
      OffHeap.putInt(attributes + 12, flags);
      return call(LINK_CREATE, attributes, "attach an XDP program");
    }
  }
}
