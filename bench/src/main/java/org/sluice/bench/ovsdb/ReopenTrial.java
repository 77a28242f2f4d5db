package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.contest.Trial;

/** From the start of the process on a large file to the first answer about what is in it. */
final class ReopenTrial implements Trial {
  private final Sizes sizes;
  private final ServerHome home;

  /** {@code home} has a file already. */
  ReopenTrial(ServerHome home, Sizes sizes) {
    this.sizes = sizes;
    this.home = home;
  }

  @Override
  public int warmUp() {
    return 1;
  }

  @Override
  public int rounds() {
    return sizes.rounds();
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    long startNs = System.nanoTime();
    try (ServerProcess _ = home.start();
        RawConnection connection = home.connect()) {
      int found = connection.call(Workload.selectItem(sizes.rows() - 1)).get(0).get("rows").size();
      double ms = Median.msSince(startNs);
      int rows = Workload.counts(connection).size();
      if (rows != sizes.rows() || found != 1) {
        throw new IOException(home.peer().name() + " has " + rows + " rows after a restart");
      }
      return Map.of(OvsdbFigure.REOPEN, ms);
    }
  }

  @Override
  public void close() {}
}
