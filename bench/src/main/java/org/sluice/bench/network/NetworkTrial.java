package org.sluice.bench.network;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Trial;
import org.sluice.bench.peer.CollectorPause;
import org.sluice.bench.peer.Pause;

/**
 * One switch, from its start to its end, under each load in turn. It is started anew each time: a
 * switch that polls its devices would take a processor from the others while it waits.
 */
final class NetworkTrial implements Trial {
  private final NetworkPeer peer;
  private final NetworkOptions options;
  private final Path parent;
  private final PrintStream progress;
  private int samples;

  NetworkTrial(NetworkPeer peer, NetworkOptions options, Path parent, PrintStream progress) {
    this.peer = peer;
    this.options = options;
    this.parent = parent;
    this.progress = progress;
  }

  @Override
  public int warmUp() {
    return 0;
  }

  @Override
  public int rounds() {
    return options.rounds;
  }

  @Override
  public Map<Measurement, Double> sample() throws IOException {
    Path folder = Files.createDirectory(parent.resolve(peer.title() + samples++));
    try (Site site = new Site(peer.offloads(options.type), folder);
        Middle middle = peer.connect(site, options.type, folder)) {
      return measure(site, middle, folder);
    } catch (IOException e) {
      throw new IOException(peer.title() + ": " + e.getMessage(), e);
    }
  }

  private Map<Measurement, Double> measure(Site site, Middle middle, Path folder)
      throws IOException {
    Map<Measurement, Double> figures = new TreeMap<>();
    try (Iperf iperf = new Iperf(site, folder)) {
      iperf.tcp(options.seconds);
      figures.putAll(iperf.tcp(options.seconds));
      iperf.udp(options.seconds);
      figures.putAll(iperf.udp(options.seconds));
    }
    figures.put(NetworkFigure.CONNECTIONS, connections(site));
    figures.putAll(delays(site, middle, figures.get(NetworkFigure.UDP_RECEIVED)));
    double idle = idlePercent(middle);
    if (!Double.isNaN(idle)) {
      figures.put(NetworkFigure.IDLE, idle);
    }
    figures.putAll(Delays.afterIdling(site));
    return figures;
  }

  private double connections(Site site) throws IOException {
    ThreadFactory serving = Site.threads(site.right());
    ThreadFactory asking = Site.threads(site.left());
    InetAddress address = InetAddress.getByName(Site.RIGHT_ADDRESS);
    try (HttpServer server = site.right().call(() -> new HttpServer(address, serving))) {
      new HttpClients(server.addresses(), asking).perSecond(options.seconds);
      return new HttpClients(server.addresses(), asking).perSecond(options.seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** At half of {@code mostKpps}, which the receiving program could take. */
  private Map<Measurement, Double> delays(Site site, Middle middle, double mostKpps)
      throws IOException {
    if (mostKpps <= 0) {
      throw new IOException("none of iperf3's datagrams has arrived");
    }
    double perSecond = mostKpps * 1e3 / 2;
    Delays.underLoad(site, perSecond, options.seconds);
    int before = middle.collectorPauses().size();
    Map<Measurement, Double> figures = Delays.underLoad(site, perSecond, options.seconds);
    if (peer == NetworkPeer.SLUICE) {
      List<CollectorPause> all = middle.collectorPauses();
      figures.putAll(pauses(all.subList(before, all.size())));
    }
    return figures;
  }

  private Map<Measurement, Double> pauses(List<CollectorPause> meanwhile) {
    double longestMs = 0;
    for (CollectorPause pause : meanwhile) {
      progress.printf(Locale.ROOT, "%n  %s for %.1f ms", pause.name(), pause.ms());
      longestMs = Math.max(longestMs, pause.ms());
    }
    return Map.of(
        NetworkFigure.COLLECTOR_PAUSES,
        (double) meanwhile.size(),
        NetworkFigure.COLLECTOR_LONGEST,
        longestMs * 1e3);
  }

  private double idlePercent(Middle middle) throws IOException {
    Pause.ms(1000);
    double before = middle.processorSeconds();
    Pause.ms(options.idleSeconds * 1000L);
    return 100 * (middle.processorSeconds() - before) / options.idleSeconds;
  }

  @Override
  public void close() {}
}
