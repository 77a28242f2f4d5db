package org.sluice.base.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.stream.Stream;
import org.sluice.base.memory.OffHeap;

/** This process and its threads. Stateless. */
public final class Processes {
  private static final LibcFunction GETPID = LibcFunction.narrow("getpid");
  private static final LibcFunction GETEUID = LibcFunction.narrow("geteuid");
  private static final LibcFunction KILL = LibcFunction.narrow("kill");
  private static final LibcFunction SIGNAL = LibcFunction.wide("signal");
  private static final LibcFunction SCHED_SETAFFINITY = LibcFunction.narrow("sched_setaffinity");

  /** CAP_NET_ADMIN and CAP_NET_RAW. */
  private static final long CAPS_NET = 1L << 12 | 1L << 13;

  private static final int SIG_DFL = 0;
  private static final int MAX_CPUS = 1024;

  private Processes() {}

  public static int pid() {
    return (int) GETPID.call(0);
  }

  public static boolean isRoot() {
    return GETEUID.call(0) == 0;
  }

  /** Whether the kernel lets this process open network devices; root in a container may lack it. */
  public static boolean mayOpenDevices() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith("CapEff:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
          .allMatch(capabilities -> (capabilities & CAPS_NET) == CAPS_NET);
    } catch (IOException e) {
      return isRoot();
    }
  }

  /** Sends a signal; 0 or a negative errno. Signal 0 asks whether the process exists. */
  public static int kill(int pid, int signal) {
    return (int) KILL.call(pid, signal);
  }

  /**
   * Ends this process by {@code signal} as if nobody handled it; returns only if that signal does
   * not end a process.
   */
  public static void dieBy(int signal) {
    SIGNAL.call(signal, SIG_DFL);
    kill(pid(), signal);
  }

  /** Lets the calling (platform) thread run on {@code cpus} only; 0 or a negative errno. */
  public static int pinThread(BitSet cpus) {
    try (Arena arena = Arena.ofConfined()) {
      long mask = arena.allocate(MAX_CPUS / 8, 8).address();
      byte[] bytes = cpus.toByteArray();
      OffHeap.copyIn(bytes, 0, mask, Math.min(bytes.length, MAX_CPUS / 8));
      return (int) SCHED_SETAFFINITY.call(0, MAX_CPUS / 8, mask);
    }
  }
}
