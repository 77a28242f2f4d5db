package org.sluice.bench.openflow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.contest.Trial;
import org.sluice.bench.peer.RunningSwitch;
import org.sluice.bench.peer.SwitchPeer;

/**
 * One large table in a switch that has done nothing yet: how long building it takes, the memory
 * that it takes then, and how long building it takes once more. Once.
 */
final class LargeTableTrial implements Trial {
  private static final int PORTION = 10_000;

  private final RunningSwitch target;
  private final OpenFlowOptions options;

  LargeTableTrial(SwitchPeer peer, Path parent, OpenFlowOptions options) throws IOException {
    this.target =
        new RunningSwitch(
            peer, RunningSwitch.Setting.DUMMY, Files.createDirectories(parent.resolve("large")));
    this.options = options;
  }

  @Override
  public int warmUp() {
    return 0;
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    long before = target.residentBytes();
    double ms = build();
    double bytes = target.residentBytes() - before;
    double againMs = build();
    return Map.of(
        OpenFlowFigure.BUILD,
        ms,
        OpenFlowFigure.BUILD_AGAIN,
        againMs,
        OpenFlowFigure.MEMORY,
        bytes / options.large);
  }

  /**
   * In an empty table. Connects only now: a switch hangs up on who says nothing while its memory
   * comes to rest.
   */
  private double build() throws IOException {
    try (FlowClient client = new FlowClient(target)) {
      client.clear();
      double ms = 0;
      for (int from = 0; from < options.large; from += PORTION) {
        byte[] portion = FlowClient.adds(from, Math.min(options.large, from + PORTION), 1);
        long startNs = System.nanoTime();
        client.send(portion);
        client.awaitBarrier();
        ms += Median.msSince(startNs);
      }
      client.check(options.large);
      return ms;
    }
  }

  @Override
  public void close() throws IOException {
    target.close();
  }
}
