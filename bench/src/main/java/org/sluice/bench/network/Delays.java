package org.sluice.bench.network;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.peer.Pause;

/** How long datagrams take from program to program. Stateless. */
final class Delays {
  /** Between two looks at the clock the sender leaves its processor to others. */
  private static final long PAUSE_NS = 20_000;

  /** How many follow the first one after idling, and how far apart. */
  private static final int FOLLOWING = 20;

  private static final int FOLLOWING_MS = 10;

  private static final double NS_PER_US = 1e3;

  private Delays() {}

  /** Sends {@code perSecond} for {@code seconds}; what arrived of them, and when. */
  static Map<Measurement, Double> underLoad(Site site, double perSecond, int seconds)
      throws IOException {
    int count = (int) (perSecond * seconds);
    try (TimedDatagrams datagrams = site.datagrams(count)) {
      long startNs = System.nanoTime();
      while (datagrams.sent() < count) {
        double due = (System.nanoTime() - startNs) * perSecond / 1e9;
        while (datagrams.sent() < Math.min(due, count)) {
          datagrams.send();
        }
        LockSupport.parkNanos(PAUSE_NS);
      }
      double tookSeconds = (System.nanoTime() - startNs) / 1e9;
      return figures(datagrams.delaysNs(), count, tookSeconds);
    }
  }

  private static Map<Measurement, Double> figures(long[] delaysNs, int sent, double seconds)
      throws IOException {
    Map<Measurement, Double> figures = quantiles(delaysNs);
    figures.put(NetworkFigure.DELAY_RATE, sent / seconds / 1e3);
    figures.put(NetworkFigure.DELAY_ARRIVED, 100.0 * delaysNs.length / sent);
    return figures;
  }

  static Map<Measurement, Double> quantiles(long... delaysNs) throws IOException {
    if (delaysNs.length == 0) {
      throw new IOException("no datagram has arrived");
    }
    long[] sorted = delaysNs.clone();
    Arrays.sort(sorted);
    Map<Measurement, Double> figures = new TreeMap<>();
    figures.put(NetworkFigure.DELAY_MEDIAN, quantile(sorted, 0.5));
    figures.put(NetworkFigure.DELAY_99, quantile(sorted, 0.99));
    figures.put(NetworkFigure.DELAY_999, quantile(sorted, 0.999));
    figures.put(NetworkFigure.DELAY_MOST, quantile(sorted, 1));
    return figures;
  }

  /** The least that at least {@code part} of {@code sorted} do not exceed, in microseconds. */
  private static double quantile(long[] sorted, double part) {
    int atLeast = (int) Math.ceil(part * sorted.length);
    return sorted[Math.max(atLeast, 1) - 1] / NS_PER_US;
  }

  /** How long the first takes after nothing was sent for a while, and those after it. */
  static Map<Measurement, Double> afterIdling(Site site) throws IOException {
    try (TimedDatagrams datagrams = site.datagrams(1 + FOLLOWING)) {
      for (int i = 0; i <= FOLLOWING; i++) {
        datagrams.send();
        Pause.ms(FOLLOWING_MS);
      }
      long[] delaysNs = datagrams.delaysNs();
      if (delaysNs.length <= FOLLOWING) {
        int lost = 1 + FOLLOWING - delaysNs.length;
        throw new IOException(lost + " of " + (1 + FOLLOWING) + " datagrams after idling are lost");
      }
      double[] following = Arrays.stream(delaysNs, 1, delaysNs.length).asDoubleStream().toArray();
      Map<Measurement, Double> figures = new TreeMap<>();
      figures.put(NetworkFigure.FIRST, delaysNs[0] / NS_PER_US);
      figures.put(NetworkFigure.FOLLOWING, Median.of(following) / NS_PER_US);
      return figures;
    }
  }
}
