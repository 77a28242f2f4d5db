package org.sluice.bench.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import org.sluice.base.linux.NetworkNamespace;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Trial;
import org.sluice.bench.peer.Pause;

/**
 * One switch, from its start to its end, under each load in turn. It is started anew each time: a
 * switch that polls its devices would take a processor from the others while it waits.
 */
final class NetworkTrial implements Trial {
  private final NetworkPeer peer;
  private final NetworkOptions options;
  private final Path parent;
  private int samples;

  NetworkTrial(NetworkPeer peer, NetworkOptions options, Path parent) {
    this.peer = peer;
    this.options = options;
    this.parent = parent;
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
    try (Site site = new Site(peer.offloads(), folder);
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
    double idle = idlePercent(middle);
    if (!Double.isNaN(idle)) {
      figures.put(NetworkFigure.IDLE, idle);
    }
    return figures;
  }

  private double connections(Site site) throws IOException {
    ThreadFactory serving = threads(site.right());
    ThreadFactory asking = threads(site.left());
    InetAddress address = InetAddress.getByName(Site.RIGHT_ADDRESS);
    try (HttpServer server = site.right().call(() -> new HttpServer(address, serving))) {
      new HttpClients(server.addresses(), asking).perSecond(options.seconds);
      return new HttpClients(server.addresses(), asking).perSecond(options.seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static ThreadFactory threads(NetworkNamespace host) {
    return task -> {
      Thread thread = host.thread("http " + host.name(), task);
      thread.setDaemon(true);
      return thread;
    };
  }

  private double idlePercent(Middle middle) throws IOException {
    Pause.ms(1000);
    double before = middle.processorSeconds();
    Pause.ms(options.seconds * 1000L);
    return 100 * (middle.processorSeconds() - before) / options.seconds;
  }

  @Override
  public void close() {}
}
