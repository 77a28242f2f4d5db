package org.sluice.bench.openflow;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Trial;
import org.sluice.bench.peer.RunningSwitch;

/**
 * Flow mods on one connection, a hundred at a time with a barrier behind them that is waited for.
 */
final class RateTrial implements Trial {
  private static final int GROUP = 100;

  private final FlowClient client;
  private final OpenFlowOptions options;
  private final List<byte[]> groups = new ArrayList<>();

  RateTrial(RunningSwitch target, OpenFlowOptions options) throws IOException {
    this.options = options;
    this.client = new FlowClient(target);
    for (int i = 0; i < options.flows; i += GROUP) {
      groups.add(FlowClient.adds(i, i + GROUP, 4));
    }
  }

  @Override
  public int warmUp() {
    return options.rounds;
  }

  @Override
  public int rounds() {
    return options.rounds;
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    client.clear();
    long startNs = System.nanoTime();
    for (byte[] group : groups) {
      client.send(group);
      client.awaitBarrier();
    }
    double seconds = (System.nanoTime() - startNs) / 1e9;
    int sent = groups.size() * GROUP;
    client.check(sent);
    return Map.of(OpenFlowFigure.FLOW_MODS, sent / seconds);
  }

  @Override
  public void close() throws IOException {
    client.clear();
    client.close();
  }
}
