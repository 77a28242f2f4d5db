package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.util.Map;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.contest.Trial;
import org.sluice.ovsdb.schema.ShippedSchemas;

/** Adding ports to a bridge that has many, while somebody watches. */
final class BridgeTrial implements Trial {
  private static final int PORTS = 5;

  private final Sizes sizes;
  private final ServerHome home;
  private final ServerProcess server;
  private final RawConnection connection;
  private final RawConnection watcher;
  private int next;

  BridgeTrial(ServerHome home, Sizes sizes) throws IOException {
    this.sizes = sizes;
    this.home = home;
    this.server = home.create(ShippedSchemas.openVswitch()).start();
    this.connection = home.connect();
    this.watcher = home.open();
    connection.call(Workload.insertBridge(sizes.ports()));
    watcher.call(Workload.monitorSwitch());
    this.next = sizes.ports() + 1;
  }

  /** A server compiles what it does while it does it: the first thousands are slower. */
  @Override
  public int warmUp() {
    return 500 * sizes.rounds();
  }

  @Override
  public int rounds() {
    return 20 * sizes.rounds();
  }

  /** The ports go again, so that the bridge keeps its size. */
  @Override
  public Map<Measurement, Double> sample() throws IOException {
    double[] ms = new double[PORTS];
    long sent = watcher.received();
    long written = home.recordedBytes();
    for (int i = 0; i < PORTS; i++) {
      long startNs = System.nanoTime();
      connection.send(Workload.addPort(next + i));
      connection.await(1);
      watcher.await(1);
      ms[i] = Median.msSince(startNs);
    }
    Map<Measurement, Double> shown =
        Map.of(
            OvsdbFigure.ADD_PORT,
            Median.of(ms),
            OvsdbFigure.ADD_PORT_SENT,
            (watcher.received() - sent) / (double) PORTS,
            OvsdbFigure.ADD_PORT_WRITTEN,
            (home.recordedBytes() - written) / (double) PORTS);
    for (int i = 0; i < PORTS; i++) {
      Workload.removePort(connection, next + i);
      watcher.await(1);
    }
    next += PORTS;
    return shown;
  }

  @Override
  public void close() throws IOException {
    connection.close();
    watcher.close();
    server.close();
  }
}
