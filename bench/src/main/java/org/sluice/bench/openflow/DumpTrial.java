package org.sluice.bench.openflow;

import java.io.IOException;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.contest.Trial;
import org.sluice.bench.peer.RunningSwitch;

/** All flows asked for, and the answer taken from the socket. */
final class DumpTrial implements Trial {
  private static final int SMALLEST_FLOW_BYTES = 56;

  private final FlowClient client;
  private final OpenFlowOptions options;

  DumpTrial(RunningSwitch target, OpenFlowOptions options) throws IOException {
    this.options = options;
    this.client = new FlowClient(target);
    client.send(FlowClient.adds(0, options.flows, 4));
    client.awaitBarrier();
    client.check(options.flows);
  }

  @Override
  public int warmUp() {
    return 4 * options.rounds;
  }

  @Override
  public int rounds() {
    return 4 * options.rounds;
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    long startNs = System.nanoTime();
    long bytes = client.dump();
    double ms = Median.msSince(startNs);
    if (bytes < (long) options.flows * SMALLEST_FLOW_BYTES) {
      throw new IOException("a dump of only " + bytes + " bytes");
    }
    return Map.of(OpenFlowFigure.DUMP_FLOWS, ms);
  }

  @Override
  public void close() throws IOException {
    client.clear();
    client.close();
  }
}
