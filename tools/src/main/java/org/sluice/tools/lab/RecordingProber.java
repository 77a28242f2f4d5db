package org.sluice.tools.lab;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.clock.Clock;

/**
 * Carries probes out live and keeps what the hosts sent, for {@link CaptureProber}. Used by one
 * thread.
 */
final class RecordingProber implements Prober {
  private final Prober live;
  private final Network network;
  private final Captures captures;
  private final Clock clock;

  RecordingProber(Prober live, Network network, Captures captures, Clock clock) {
    this.live = live;
    this.network = network;
    this.captures = captures;
    this.clock = clock;
  }

  @Override
  public Verdict run(Probe probe) throws IOException, InterruptedException {
    List<Host> hosts = network.hosts();
    List<Integer> marks = hosts.stream().map(host -> host.wire().mark()).toList();
    long startNs = clock.nowNs();
    Verdict verdict = live.run(probe);
    List<Captures.Sent> sent = new ArrayList<>();
    for (int host = 0; host < hosts.size(); host++) {
      for (Wire.Crossing crossing : hosts.get(host).wire().since(marks.get(host))) {
        if (crossing.outgoing() && isOfInterest(crossing.frame())) {
          long atNs = Math.max(0, crossing.atNs() - startNs);
          sent.add(new Captures.Sent(host, atNs, crossing.frame().withTcpChecksum()));
        }
      }
    }
    captures.write(probe, sent);
    return verdict;
  }

  /** Hosts also look for IPv6 neighbours, which is none of the probes' business. */
  private static boolean isOfInterest(Frame frame) {
    return frame.isIpv4() || frame.isArp();
  }
}
