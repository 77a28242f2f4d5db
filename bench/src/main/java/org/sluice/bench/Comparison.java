package org.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import org.sluice.openflow.text.OfSyntaxException;

/** The peer and this switch in turn, over rows of policies and traffic. */
final class Comparison {
  private final ForwardOptions options;
  private final PrintStream out;
  private final PrintStream progress;

  Comparison(ForwardOptions options, PrintStream out, PrintStream progress) {
    this.options = options;
    this.out = out;
    this.progress = progress;
  }

  /** Runs all rows that are asked for and prints a line for each. */
  void run() throws IOException, OfSyntaxException, InterruptedException {
    OvsDpdk peer = OvsDpdk.installed();
    if (!options.json) {
      out.printf(
          "%-10s %-12s %14s %12s %12s %8s%n",
          "policy", "traffic", "ovs-dpdk Mpps", "sluice Mpps", "ns/packet", "ratio");
    }
    if (options.flows != null) {
      compare(peer, given(), options.flows, options.capture);
      return;
    }
    for (BenchRow row : BenchRow.ALL) {
      if (options.policies.isEmpty() || options.policies.contains(row.policy())) {
        compare(peer, row);
      }
    }
    if (options.policies.isEmpty()) {
      new MemoryComparison(options, out, progress).run();
      new ThreadComparison(options, out, progress).run();
    }
  }

  /** How a row goes by in what is printed. */
  private record Title(String policy, String traffic, boolean once) {
    @Override
    public String toString() {
      return policy + " " + traffic + (once ? " once" : "");
    }
  }

  private Title given() {
    return new Title(
        options.flows.getFileName() + "", options.capture.getFileName() + "", options.once);
  }

  private void compare(OvsDpdk peer, BenchRow row)
      throws IOException, OfSyntaxException, InterruptedException {
    try (BenchFiles files = BenchFiles.write(row.policy().flows(), row.writer())) {
      Title title = new Title(row.policy().title(), row.traffic(), row.once());
      compare(peer, title, files.flows(), files.capture());
    }
  }

  private void compare(OvsDpdk peer, Title title, Path rules, Path capture)
      throws IOException, OfSyntaxException, InterruptedException {
    progress.printf("%s: ovs-dpdk ...%n", title);
    double theirs = peer.mpps(rules, capture, title.once() ? "once" : options.seconds + "");
    progress.printf("%s: sluice ...%n", title);
    ForwardRun ours = new ForwardRun(options.cpu, title.once(), options.seconds);
    print(title, theirs, ours.run(rules, capture));
  }

  private void print(Title title, double theirs, ForwardBench.Result ours) {
    String format =
        options.json
            ? "{\"policy\": \"%s\", \"traffic\": \"%s\", \"once\": %b, \"peerMpps\": %.3f,"
                + " \"mpps\": %.3f, \"nsPerPacket\": %.1f, \"ratio\": %.2f}%n"
            : "%1$-10s %2$-12s %4$14.3f %5$12.3f %6$12.1f %7$8.2f%n";
    out.print(
        String.format(
            Locale.ROOT,
            format,
            title.policy(),
            title.traffic(),
            title.once(),
            theirs,
            ours.mpps(),
            ours.nsPerPacket(),
            ours.mpps() / theirs));
    out.flush();
  }
}
