package org.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.sluice.bench.contest.ServerProcess;
import org.sluice.bench.peer.Pause;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.tools.offline.OfflineSwitch;

/**
 * What a megaflow and a connection take: of two runs with few and with many of them, the difference
 * of the process's resident memory. All that grows with them is in it: tables, caches, rules'
 * statistics, and the room that is kept ready.
 */
final class MemoryComparison {
  private static final int FEW = 1000;
  private static final int SETTLE_MS = 2000;

  /** What is counted. */
  private enum Kept {
    MEGAFLOW("bytes per megaflow", BenchPolicy.ACL, 100_000),
    CONNECTION("bytes per connection", BenchPolicy.STATEFUL, 1_000_000);

    private final String title;
    private final BenchPolicy policy;
    private final int many;

    Kept(String title, BenchPolicy policy, int many) {
      this.title = title;
      this.policy = policy;
      this.many = many;
    }

    double bytes(Footprint large, Footprint small) {
      return this == MEGAFLOW ? large.bytesPerMegaflow(small) : large.bytesPerConnection(small);
    }
  }

  private final ForwardOptions options;
  private final PrintStream out;
  private final PrintStream progress;

  MemoryComparison(ForwardOptions options, PrintStream out, PrintStream progress) {
    this.options = options;
    this.out = out;
    this.progress = progress;
  }

  /** Measures and prints a line for each. */
  void run() throws IOException, OfSyntaxException, InterruptedException {
    for (Kept kept : Kept.values()) {
      progress.printf("%s ...%n", kept.title);
      String flows = kept.policy.flows();
      try (BenchFiles few = BenchFiles.write(flows, file -> Traffic.writeUdp(file, FEW));
          BenchFiles many = BenchFiles.write(flows, file -> Traffic.writeUdp(file, kept.many))) {
        double ours = ours(kept, few, many);
        double theirs = options.against == null ? Double.NaN : theirs(kept, few, many);
        print(kept, theirs, ours);
      }
    }
  }

  private static double theirs(Kept kept, BenchFiles few, BenchFiles many)
      throws IOException, InterruptedException {
    OvsDpdk peer = OvsDpdk.installed();
    Footprint small = peer.footprint(few.flows(), few.capture());
    return kept.bytes(peer.footprint(many.flows(), many.capture()), small);
  }

  /** The first run is for what a process takes once: code, compiled code, pages touched. */
  private double ours(Kept kept, BenchFiles few, BenchFiles many)
      throws IOException, OfSyntaxException, InterruptedException {
    try (ReplayImage fewFrames = ReplayImage.read(few.capture());
        ReplayImage manyFrames = ReplayImage.read(many.capture())) {
      play(many.flows(), manyFrames);
      Footprint small = play(few.flows(), fewFrames);
      return kept.bytes(play(many.flows(), manyFrames), small);
    }
  }

  private Footprint play(Path flows, ReplayImage frames)
      throws IOException, OfSyntaxException, InterruptedException {
    Footprint[] seen = new Footprint[1];
    new ForwardRun(options.cpu, true, 1)
        .runFresh(flows, frames, offline -> seen[0] = footprint(offline));
    return seen[0];
  }

  private static Footprint footprint(OfflineSwitch offline) throws IOException {
    long megaflows = offline.statistics().megaflows();
    System.gc();
    // The collector gives pages back a little later.
    Pause.ms(SETTLE_MS);
    long resident = ServerProcess.residentBytes(ProcessHandle.current().pid());
    return new Footprint(resident, megaflows, offline.connections().size());
  }

  private void print(Kept kept, double theirs, double ours) {
    if (options.json) {
      String peer =
          Double.isNaN(theirs)
              ? ""
              : String.format(
                  Locale.ROOT, ", \"peer\": %.0f, \"ratio\": %.2f", theirs, theirs / ours);
      out.printf(
          Locale.ROOT, "{\"measurement\": \"%s\", \"sluice\": %.0f%s}%n", kept.title, ours, peer);
    } else {
      String peer =
          Double.isNaN(theirs)
              ? ""
              : String.format(
                  Locale.ROOT, ", ovs-dpdk %.0f, %.2f times as much", theirs, theirs / ours);
      out.printf(Locale.ROOT, "%-22s sluice %.0f%s%n", kept.title, ours, peer);
    }
    out.flush();
  }
}
