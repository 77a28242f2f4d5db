package org.sluice.bench.contest;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measurements of one or two programs. They take turns, so that a disk or a processor that is slow
 * for a while is slow for both. Used by one thread.
 *
 * @param <P> what is measured
 */
public final class Contest<P> {
  private final List<P> peers;
  private final PrintStream progress;
  private final List<Map<Measurement, List<Double>>> samples = new ArrayList<>();

  /** Between {@code peers}, the first of which is ours. */
  public Contest(List<P> peers, PrintStream progress) {
    this.peers = peers;
    this.progress = progress;
    peers.forEach(_ -> samples.add(new LinkedHashMap<>()));
  }

  /** Begins to measure something of one of them. */
  public interface Start<P> {
    Trial trial(P peer) throws IOException;
  }

  /** Measures one thing of all; {@code name} is shown meanwhile. */
  public void compare(String name, Start<P> start) throws IOException {
    progress.print(name + " ");
    progress.flush();
    List<Trial> trials = new ArrayList<>();
    try {
      for (P peer : peers) {
        trials.add(start.trial(peer));
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

  /** What each of the peers has shown so far. */
  public List<Map<Measurement, Double>> medians() {
    return samples.stream().map(Contest::medians).toList();
  }

  private static Map<Measurement, Double> medians(Map<Measurement, List<Double>> samples) {
    Map<Measurement, Double> medians = new LinkedHashMap<>();
    samples.forEach((what, values) -> medians.put(what, Median.of(values)));
    return medians;
  }
}
