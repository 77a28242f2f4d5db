package org.sluice.tools.lab;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The probes from captures: what each host sent is put into its port, at its time, whether or not
 * the other side's answers got through, and a probe has passed if every frame that decides it came
 * out again. Used by one thread.
 */
final class CaptureProber implements Prober {
  /** Virtual time between two probes. */
  private static final long PAUSE_NS = 1_000_000_000L;

  private final Captures captures;
  private final FrameSwitch target;
  private long startNs;

  /** A switch that is handed frames and time. */
  interface FrameSwitch {
    /**
     * Puts {@code frame} into the port of a host at {@code atNs}; returns what came out of all
     * ports.
     */
    List<Frame> exchange(int host, Frame frame, long atNs) throws IOException;
  }

  CaptureProber(Captures captures, FrameSwitch target, long startNs) {
    this.captures = captures;
    this.target = target;
    this.startNs = startNs;
  }

  @Override
  public Verdict run(Probe probe) throws IOException {
    Set<Frame> lost = new HashSet<>();
    int deciding = 0;
    long lastNs = 0;
    for (Captures.Sent sent : captures.read(probe)) {
      List<Frame> out = target.exchange(sent.host(), sent.frame(), startNs + sent.atNs());
      lastNs = sent.atNs();
      if (Marks.decides(probe, sent.frame())) {
        deciding++;
        if (!out.contains(sent.frame())) {
          lost.add(sent.frame());
        }
      }
    }
    startNs += lastNs + PAUSE_NS;
    if (deciding == 0) {
      throw new IOException("the captures of " + probe.title() + " have no deciding frame");
    }
    return Verdict.of(lost.isEmpty());
  }
}
