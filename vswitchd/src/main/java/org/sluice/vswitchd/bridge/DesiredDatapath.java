package org.sluice.vswitchd.bridge;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.vswitchd.translate.RevalidationPolicy;

/**
 * What {@code other_config} of the database's root says of packet threads and caches. A value that
 * makes no sense counts as not set, and is told of.
 *
 * @param cpus that packet threads run on, one each; empty where any will do
 * @param threads packet threads where {@code cpus} is empty; 0 where nothing is said
 * @param missesPerSecond misses that one port may cause; 0 = as many as it likes
 * @param policy how megaflows are kept
 */
record DesiredDatapath(
    List<Integer> cpus, int threads, int missesPerSecond, RevalidationPolicy policy) {
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final int MAX_MASK_DIGITS = 256;
  private static final int MAX_THREADS = 256;

  /** A database that says nothing. */
  static final DesiredDatapath DEFAULT =
      new DesiredDatapath(
          List.of(), 0, DatapathOptions.DEFAULT_MISSES_PER_SECOND, RevalidationPolicy.DEFAULT);

  /** Reads {@code config} for a machine with {@code cpuCount} processors. */
  static DesiredDatapath read(Map<String, String> config, int cpuCount, List<String> complaints) {
    Reader reader = new Reader(config, complaints);
    RevalidationPolicy usual = RevalidationPolicy.DEFAULT;
    return new DesiredDatapath(
        reader.cpus(cpuCount),
        reader.number("packet-threads", 0, MAX_THREADS),
        reader.number(
            "port-miss-limit", DatapathOptions.DEFAULT_MISSES_PER_SECOND, Integer.MAX_VALUE),
        new RevalidationPolicy(
            MILLISECOND_NS * reader.number("max-idle", ms(usual.maxIdleNs()), 3_600_000),
            usual.minIntervalNs(),
            MILLISECOND_NS * reader.number("max-revalidator", ms(usual.maxIntervalNs()), 3_600_000),
            reader.number("min-revalidate-pps", usual.minPacketsPerSecond(), 1_000_000_000),
            reader.number("flow-limit", usual.flowLimit(), Integer.MAX_VALUE)));
  }

  private static int ms(long ns) {
    return (int) (ns / MILLISECOND_NS);
  }

  private record Reader(Map<String, String> config, List<String> complaints) {
    int number(String key, int otherwise, int most) {
      String text = config.get(key);
      if (text == null) {
        return otherwise;
      }
      if (text.matches("[0-9]{1,10}") && Long.parseLong(text) <= most) {
        return Integer.parseInt(text);
      }
      complaints.add(
          "other_config:%s=%s is no number from 0 to %d, using %d"
              .formatted(key, text, most, otherwise));
      return otherwise;
    }

    /** The processors of a mask in hexadecimal, however long. */
    List<Integer> cpus(int cpuCount) {
      String text = config.get("pmd-cpu-mask");
      List<Integer> cpus = new ArrayList<>();
      if (text == null) {
        return cpus;
      }
      String digits = text.startsWith("0x") || text.startsWith("0X") ? text.substring(2) : text;
      if (!digits.matches("[0-9a-fA-F]{1," + MAX_MASK_DIGITS + "}")) {
        complaints.add("other_config:pmd-cpu-mask=" + text + " is no hexadecimal number");
        return cpus;
      }
      BigInteger mask = new BigInteger(digits, 16);
      for (int cpu = 0; cpu < Math.min(cpuCount, MAX_THREADS); cpu++) {
        if (mask.testBit(cpu)) {
          cpus.add(cpu);
        }
      }
      if (cpus.isEmpty()) {
        complaints.add(
            "other_config:pmd-cpu-mask=%s names none of this machine's %d processors"
                .formatted(text, cpuCount));
      }
      return List.copyOf(cpus);
    }
  }
}
