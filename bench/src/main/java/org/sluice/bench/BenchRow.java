package org.sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * One line of the comparison: a policy and the traffic that meets it.
 *
 * @param policy the rules
 * @param traffic its name in tables and JSON
 * @param once played a single time through cold caches, instead of again and again
 * @param writer makes the capture
 */
record BenchRow(BenchPolicy policy, String traffic, boolean once, CaptureWriter writer) {
  private static final int RANDOM_FRAMES = 200_000;

  /** Makes a capture. */
  @FunctionalInterface
  interface CaptureWriter {
    void write(Path file) throws IOException;
  }

  /** All lines, in the order in which they are run. */
  static final List<BenchRow> ALL =
      List.of(
          flows(BenchPolicy.FWD, 1),
          flows(BenchPolicy.FWD, 1000),
          flows(BenchPolicy.FWD, 10_000),
          flows(BenchPolicy.FWD, 100_000),
          flows(BenchPolicy.STATEFUL, 1),
          flows(BenchPolicy.STATEFUL, 1000),
          flows(BenchPolicy.STATEFUL, 10_000),
          flows(BenchPolicy.STATEFUL, 100_000),
          new BenchRow(BenchPolicy.STATEFUL, "new-1000000", true, udp(1_000_000)),
          flows(BenchPolicy.OVN, 1000),
          flows(BenchPolicy.OVN, 10_000),
          flows(BenchPolicy.ACL, 1000),
          flows(BenchPolicy.ACL, 10_000),
          flows(BenchPolicy.ACL, 100_000),
          new BenchRow(BenchPolicy.ACL, "new-100000", true, udp(100_000)),
          provoked("tse-clean", false),
          provoked("tse", true),
          random(BenchPolicy.TSE),
          random(BenchPolicy.ACL),
          random(BenchPolicy.STATEFUL));

  private static BenchRow flows(BenchPolicy policy, int flows) {
    return new BenchRow(policy, "udp" + flows, false, udp(flows));
  }

  private static CaptureWriter udp(int flows) {
    return file -> Traffic.writeUdp(file, flows);
  }

  private static BenchRow provoked(String name, boolean attack) {
    return new BenchRow(BenchPolicy.TSE, name, false, file -> Traffic.writeProvoked(file, attack));
  }

  private static BenchRow random(BenchPolicy policy) {
    return new BenchRow(policy, "random", true, file -> Traffic.writeRandom(file, RANDOM_FRAMES));
  }
}
