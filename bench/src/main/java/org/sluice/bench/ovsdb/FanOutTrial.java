package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.contest.Trial;

/** How long it takes until all who watch a table have heard of a durable change. */
final class FanOutTrial implements Trial {
  private static final int CHANGES = 20;

  private final Sizes sizes;
  private final ServerProcess server;
  private final RawConnection writer;
  private final List<RawConnection> watchers;
  private final Selector selector;

  FanOutTrial(ServerHome home, Sizes sizes) throws IOException {
    this.sizes = sizes;
    this.server = home.create(Workload.schema()).start();
    this.writer = home.connect();
    writer.call(Workload.insertItems(0, 1));
    this.watchers = home.open(sizes.monitors());
    for (RawConnection watcher : watchers) {
      watcher.call(Workload.monitorItems());
    }
    this.selector = RawConnection.register(watchers);
  }

  @Override
  public int warmUp() {
    return 20 * sizes.rounds();
  }

  @Override
  public int rounds() {
    return 4 * sizes.rounds();
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    double[] ms = new double[CHANGES];
    for (int i = 0; i < ms.length; i++) {
      long startNs = System.nanoTime();
      writer.send(Workload.countItem(0));
      awaitAll();
      ms[i] = Median.msSince(startNs);
      for (RawConnection watcher : watchers) {
        watcher.await(1);
      }
      writer.await(1);
    }
    return Map.of(OvsdbFigure.FAN_OUT, Median.of(ms));
  }

  /**
   * Without sleeping, for who sends to a watcher that sleeps has to wake it, which would be
   * measured; and without reading, for that takes one client as long as the server takes to write.
   */
  private void awaitAll() throws IOException {
    while (selector.selectedKeys().size() < watchers.size()) {
      selector.selectNow();
    }
    selector.selectedKeys().clear();
  }

  @Override
  public void close() throws IOException {
    selector.close();
    ServerHome.close(watchers);
    writer.close();
    server.close();
  }
}
