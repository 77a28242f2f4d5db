package org.sluice.tools.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Carries probes out live and keeps what the hosts sent, for {@link CaptureProber}. Used by one
 * thread.
 */
final class RecordingProber implements Prober {
  private static final long LINGER_MS = 200;

  private final Prober live;
  private final Network network;
  private final Captures captures;

  RecordingProber(Prober live, Network network, Captures captures) {
    this.live = live;
    this.network = network;
    this.captures = captures;
  }

  @Override
  public Verdict run(Probe probe) throws IOException, InterruptedException {
    List<Host> hosts = network.hosts();
    List<Integer> marks = hosts.stream().map(host -> host.wire().mark()).toList();
    Verdict verdict = live.run(probe);
    linger(hosts.getFirst());
    List<Captures.Sent> sent = new ArrayList<>();
    for (int host = 0; host < hosts.size(); host++) {
      for (Wire.Crossing crossing : hosts.get(host).wire().since(marks.get(host))) {
        if (crossing.outgoing() && isOfInterest(crossing.frame())) {
          sent.add(new Captures.Sent(host, crossing.atNs(), crossing.frame().withTcpChecksum()));
        }
      }
    }
    long startNs = sent.stream().mapToLong(Captures.Sent::atNs).min().orElse(0);
    captures.write(
        probe,
        sent.stream()
            .map(one -> new Captures.Sent(one.host(), one.atNs() - startNs, one.frame()))
            .toList());
    return verdict;
  }

  /** Waits for what belongs to the probe but does not decide it, such as a connection's end. */
  private static void linger(Host host) throws InterruptedException {
    host.wire().await(host.wire().mark(), crossing -> false, LINGER_MS);
  }

  /** Hosts also look for IPv6 neighbours, which is none of the probes' business. */
  private static boolean isOfInterest(Frame frame) {
    return frame.isIpv4() || frame.isArp();
  }
}
