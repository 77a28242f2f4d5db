package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.contest.Trial;

/**
 * A large table: what a row of it takes, and how long it takes to see all of them for the first
 * time, after a change each time, so that nobody can answer from what was said before.
 */
final class TableTrial implements Trial {
  private final Sizes sizes;
  private final ServerHome home;
  private final ServerProcess server;
  private final RawConnection connection;
  private final double bytesPerRow;

  TableTrial(ServerHome home, Sizes sizes) throws IOException {
    this.sizes = sizes;
    this.home = home;
    this.server = home.create(Workload.schema()).start();
    this.connection = home.connect();
    long before = server.residentBytes();
    for (int i = 0; i < sizes.rows(); i += Workload.ROWS_PER_TRANSACTION) {
      int end = Math.min(sizes.rows(), i + Workload.ROWS_PER_TRANSACTION);
      connection.call(Workload.insertItems(i, end));
    }
    this.bytesPerRow = (server.residentBytes() - before) / (double) sizes.rows();
  }

  @Override
  public int warmUp() {
    return sizes.rounds();
  }

  @Override
  public int rounds() {
    return sizes.rounds();
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    connection.call(Workload.countItem(0));
    try (RawConnection watcher = home.open()) {
      long startNs = System.nanoTime();
      watcher.send(Workload.monitorItems());
      watcher.await(1);
      double ms = Median.msSince(startNs);
      return Map.of(OvsdbFigure.MEMORY, bytesPerRow, OvsdbFigure.MONITOR, ms);
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
    server.close();
  }
}
