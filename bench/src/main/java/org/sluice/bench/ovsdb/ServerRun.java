package org.sluice.bench.ovsdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.storage.DatabaseFile;

/** All measurements of one server. Used by one thread, once. */
final class ServerRun {
  private static final int CONNECTIONS = 32;
  private static final long START_SECONDS = 60;
  private static final double NS_PER_MS = 1e6;

  private final DatabasePeer peer;
  private final Path folder;
  private final Sizes sizes;
  private final Map<Measurement, Double> results = new EnumMap<>(Measurement.class);

  ServerRun(DatabasePeer peer, Path folder, Sizes sizes) {
    this.peer = peer;
    this.folder = folder;
    this.sizes = sizes;
  }

  /** Measures everything. */
  Map<Measurement, Double> run() throws IOException, OvsdbException {
    measureTransactions();
    measureLargeTable();
    measureLargeBridge();
    return results;
  }

  private Path socket() {
    return folder.resolve(peer.name() + ".sock");
  }

  private Path create(String name, DatabaseSchema schema) throws IOException, OvsdbException {
    Path file = folder.resolve(peer.name() + "-" + name + ".db");
    DatabaseFile.create(file, schema);
    return file;
  }

  /** Waits until the server answers; returns a connection. */
  private RawConnection connect(long startNs) throws IOException {
    while (true) {
      try {
        RawConnection connection = RawConnection.open(socket());
        connection.call("{\"id\":0,\"method\":\"list_dbs\",\"params\":[]}");
        return connection;
      } catch (IOException e) {
        if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(START_SECONDS)) {
          throw new IOException(peer.name() + " does not answer: " + e.getMessage(), e);
        }
        Thread.onSpinWait();
        pause();
      }
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void measureTransactions() throws IOException, OvsdbException {
    Path file = create("small", Workload.schema());
    try (DatabasePeer.Running _ = peer.start(file, socket());
        RawConnection first = connect(System.nanoTime())) {
      first.call(Workload.insertItems(0, CONNECTIONS));
      rate(List.of(first));
      results.put(Measurement.TRANSACT_1, rate(List.of(first)));
      List<RawConnection> all = open(CONNECTIONS);
      rate(all);
      results.put(Measurement.TRANSACT_32, rate(all));
      close(all);
      measureFanOut(first);
    }
  }

  private List<RawConnection> open(int count) throws IOException {
    List<RawConnection> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(RawConnection.open(socket()));
    }
    return all;
  }

  private static void close(List<RawConnection> all) throws IOException {
    for (RawConnection each : all) {
      each.close();
    }
  }

  /** Transactions per second while every connection always has one under way. */
  private double rate(List<RawConnection> connections) throws IOException {
    JsonNode before = Workload.counts(connections.getFirst());
    List<String> requests = new ArrayList<>();
    for (int i = 0; i < connections.size(); i++) {
      requests.add(Workload.countItem(before.get(i).get("_uuid").get(1).textValue()));
    }
    long startNs = System.nanoTime();
    long done = 0;
    try (Selector selector = register(connections)) {
      for (int i = 0; i < connections.size(); i++) {
        connections.get(i).send(requests.get(i));
      }
      int open = connections.size();
      while (open > 0) {
        selector.select();
        boolean over = System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(sizes.seconds());
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
    double seconds = (System.nanoTime() - startNs) / 1e9;
    block(connections);
    checkCounted(done, before, Workload.counts(connections.getFirst()));
    return done / seconds;
  }

  private static Selector register(List<RawConnection> connections) throws IOException {
    Selector selector = Selector.open();
    for (int i = 0; i < connections.size(); i++) {
      connections.get(i).channel().configureBlocking(false);
      connections.get(i).channel().register(selector, SelectionKey.OP_READ, i);
    }
    return selector;
  }

  private static void block(List<RawConnection> connections) throws IOException {
    for (RawConnection each : connections) {
      each.channel().configureBlocking(true);
    }
  }

  private void checkCounted(long done, JsonNode before, JsonNode after) throws IOException {
    long counted = sum(after) - sum(before);
    if (counted != done) {
      throw new IOException(
          peer.name() + " acknowledged " + done + " transactions and made " + counted);
    }
  }

  private static long sum(JsonNode rows) {
    long sum = 0;
    for (JsonNode row : rows) {
      sum += row.get("count").asLong();
    }
    return sum;
  }

  private void measureFanOut(RawConnection writer) throws IOException {
    List<RawConnection> watchers = open(sizes.monitors());
    for (RawConnection watcher : watchers) {
      watcher.call(Workload.monitorItems());
    }
    double[] ms = new double[20 * sizes.rounds()];
    try (Selector selector = register(watchers)) {
      for (int round = -ms.length; round < ms.length; round++) {
        long startNs = System.nanoTime();
        writer.send(Workload.countItem(0));
        awaitAll(selector, watchers);
        if (round >= 0) {
          ms[round] = (System.nanoTime() - startNs) / NS_PER_MS;
        }
        writer.await(1);
      }
    }
    results.put(Measurement.FAN_OUT, median(ms));
    close(watchers);
  }

  private static void awaitAll(Selector selector, List<RawConnection> watchers) throws IOException {
    int left = watchers.size();
    while (left > 0) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        left -= watchers.get((Integer) key.attachment()).receive();
      }
      selector.selectedKeys().clear();
    }
  }

  private void measureLargeTable() throws IOException, OvsdbException {
    Path file = create("large", Workload.schema());
    try (DatabasePeer.Running server = peer.start(file, socket());
        RawConnection connection = connect(System.nanoTime())) {
      long before = server.residentBytes();
      for (int i = 0; i < sizes.rows(); i += Workload.ROWS_PER_TRANSACTION) {
        int end = Math.min(sizes.rows(), i + Workload.ROWS_PER_TRANSACTION);
        connection.call(Workload.insertItems(i, end));
      }
      double used = server.residentBytes() - before;
      results.put(Measurement.MEMORY, used / sizes.rows());
      measureMonitor();
    }
    measureReopening(file);
  }

  private void measureMonitor() throws IOException {
    double[] ms = new double[sizes.rounds()];
    for (int round = -1; round < ms.length; round++) {
      try (RawConnection watcher = RawConnection.open(socket())) {
        long startNs = System.nanoTime();
        watcher.send(Workload.monitorItems());
        watcher.await(1);
        if (round >= 0) {
          ms[round] = (System.nanoTime() - startNs) / NS_PER_MS;
        }
      }
    }
    results.put(Measurement.MONITOR, median(ms));
  }

  /** From the start of the process to its first answer. */
  private void measureReopening(Path file) throws IOException {
    double[] ms = new double[sizes.rounds()];
    for (int round = 0; round < ms.length; round++) {
      Files.deleteIfExists(socket());
      long startNs = System.nanoTime();
      try (DatabasePeer.Running _ = peer.start(file, socket());
          RawConnection connection = connect(startNs)) {
        ms[round] = (System.nanoTime() - startNs) / NS_PER_MS;
        int rows = Workload.counts(connection).size();
        if (rows != sizes.rows()) {
          throw new IOException(peer.name() + " has " + rows + " rows after a restart");
        }
      }
    }
    results.put(Measurement.REOPEN, median(ms));
  }

  private void measureLargeBridge() throws IOException, OvsdbException {
    Path file = create("bridge", ShippedSchemas.openVswitch());
    try (DatabasePeer.Running _ = peer.start(file, socket());
        RawConnection connection = connect(System.nanoTime());
        RawConnection watcher = RawConnection.open(socket())) {
      connection.call(Workload.insertBridge(sizes.ports()));
      watcher.call(Workload.monitorSwitch());
      int next = sizes.ports() + 1;
      int warm = next + 20 * sizes.rounds();
      for (; next < warm; next++) {
        connection.call(Workload.addPort(next));
        watcher.await(1);
      }
      addPorts(connection, watcher, file, next);
    }
  }

  private void addPorts(RawConnection connection, RawConnection watcher, Path file, int first)
      throws IOException {
    double[] ms = new double[20 * sizes.rounds()];
    long sent = watcher.received();
    long written = Files.size(file);
    for (int i = 0; i < ms.length; i++) {
      long startNs = System.nanoTime();
      connection.send(Workload.addPort(first + i));
      connection.await(1);
      watcher.await(1);
      ms[i] = (System.nanoTime() - startNs) / NS_PER_MS;
    }
    results.put(Measurement.ADD_PORT, median(ms));
    results.put(Measurement.ADD_PORT_SENT, (watcher.received() - sent) / (double) ms.length);
    results.put(Measurement.ADD_PORT_WRITTEN, (Files.size(file) - written) / (double) ms.length);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
