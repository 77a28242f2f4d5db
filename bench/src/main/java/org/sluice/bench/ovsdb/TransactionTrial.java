package org.sluice.bench.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.contest.Trial;

/** Transactions per second while every connection always has one under way. */
final class TransactionTrial implements Trial {
  private static final long SAMPLE_NS = TimeUnit.SECONDS.toNanos(1);

  private final String peer;
  private final Measurement measurement;
  private final int seconds;
  private final ServerProcess server;
  private final List<RawConnection> connections;

  TransactionTrial(ServerHome home, Measurement measurement, int connections, int seconds)
      throws IOException {
    this.peer = home.peer().name();
    this.measurement = measurement;
    this.seconds = seconds;
    this.server = home.create(Workload.schema()).start();
    try (RawConnection first = home.connect()) {
      first.call(Workload.insertItems(0, connections));
    }
    this.connections = home.open(connections);
  }

  @Override
  public int warmUp() {
    return seconds;
  }

  @Override
  public int rounds() {
    return seconds;
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    JsonNode before = Workload.counts(connections.getFirst());
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < connections.size(); i++) {
      requests.add(Workload.countItem(before.get(i).get("_uuid").get(1).textValue()));
    }
    long startNs = System.nanoTime();
    long done = transact(requests, startNs);
    double seconds = (System.nanoTime() - startNs) / 1e9;
    checkCounted(done, before, Workload.counts(connections.getFirst()));
    return Map.of(measurement, done / seconds);
  }

  private long transact(List<String> requests, long startNs) throws IOException {
    long done = 0;
    try (Selector selector = RawConnection.register(connections)) {
      for (int i = 0; i < connections.size(); i++) {
        connections.get(i).send(requests.get(i));
      }
      int open = connections.size();
      while (open > 0) {
        selector.select();
        boolean over = System.nanoTime() - startNs > SAMPLE_NS;
        for (SelectionKey key : selector.selectedKeys()) {
          int index = (Integer) key.attachment();
          int answers = connections.get(index).receive();
          done += answers;
          if (answers > 0 && over) {
            open--;
          } else if (answers > 0) {
            connections.get(index).send(requests.get(index));
          }
        }
        selector.selectedKeys().clear();
      }
    }
    RawConnection.block(connections);
    return done;
  }

  private void checkCounted(long done, JsonNode before, JsonNode after) throws IOException {
    long counted = sum(after) - sum(before);
    if (counted != done) {
      throw new IOException(peer + " acknowledged " + done + " transactions and made " + counted);
    }
  }

  private static long sum(JsonNode rows) {
    long sum = 0;
    for (JsonNode row : rows) {
      sum += row.get("count").asLong();
    }
    return sum;
  }

  @Override
  public void close() throws IOException {
    ServerHome.close(connections);
    server.close();
  }
}
