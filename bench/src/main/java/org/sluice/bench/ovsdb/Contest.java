package org.sluice.bench.ovsdb;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All measurements of one or two servers. They take turns, so that a disk or a processor that is
 * slow for a while is slow for both. Used by one thread, once.
 */
final class Contest {
  private static final int CONNECTIONS = 32;

  private final List<DatabasePeer> peers;
  private final Path folder;
  private final Sizes sizes;
  private final PrintStream progress;
  private final List<Map<Measurement, List<Double>>> samples = new ArrayList<>();

  Contest(List<DatabasePeer> peers, Path folder, Sizes sizes, PrintStream progress) {
    this.peers = peers;
    this.folder = folder;
    this.sizes = sizes;
    this.progress = progress;
    peers.forEach(_ -> samples.add(new EnumMap<>(Measurement.class)));
  }

  /** Begins to measure something of the server that has its home there. */
  private interface Start {
    Trial trial(ServerHome home) throws IOException;
  }

  /** Measures everything; what each of the peers showed. */
  List<Map<Measurement, Double>> run() throws IOException {
    int seconds = sizes.seconds();
    compare("one", home -> new TransactionTrial(home, Measurement.TRANSACT_1, 1, seconds));
    compare(
        "many", home -> new TransactionTrial(home, Measurement.TRANSACT_32, CONNECTIONS, seconds));
    compare("watched", home -> new FanOutTrial(home, sizes));
    compare("large", home -> new TableTrial(home, sizes));
    compare("large", home -> new ReopenTrial(home, sizes));
    compare("bridge", home -> new BridgeTrial(home, sizes));
    return samples.stream().map(Contest::medians).toList();
  }

  private static Map<Measurement, Double> medians(Map<Measurement, List<Double>> samples) {
    Map<Measurement, Double> medians = new EnumMap<>(Measurement.class);
    samples.forEach((what, values) -> medians.put(what, Median.of(values)));
    return medians;
  }

  private void compare(String name, Start start) throws IOException {
    progress.print(name + " ");
    progress.flush();
    List<Trial> trials = new ArrayList<>();
    try {
      for (DatabasePeer peer : peers) {
        trials.add(start.trial(new ServerHome(peer, folder, name)));
      }
      Trial first = trials.getFirst();
      for (int round = -first.warmUp(); round < first.rounds(); round++) {
        for (int i = 0; i < trials.size(); i++) {
          Map<Measurement, Double> shown = trials.get(i).sample();
          if (round >= 0) {
            note(samples.get(i), shown);
          }
        }
      }
    } finally {
      for (Trial trial : trials) {
        trial.close();
      }
    }
  }

  private static void note(Map<Measurement, List<Double>> samples, Map<Measurement, Double> shown) {
    shown.forEach(
        (what, value) -> samples.computeIfAbsent(what, _ -> new ArrayList<>()).add(value));
  }
}
