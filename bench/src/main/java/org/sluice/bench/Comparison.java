package org.sluice.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.sluice.openflow.text.OfSyntaxException;

/** The peer and this switch in turn, over every policy and number of flows. */
final class Comparison {
  private static final int[] FLOWS = {1, 1000, 10_000, 100_000};

  private final ForwardOptions options;
  private final PrintStream out;
  private final PrintStream progress;

  Comparison(ForwardOptions options, PrintStream out, PrintStream progress) {
    this.options = options;
    this.out = out;
    this.progress = progress;
  }

  /** Runs all and prints a line for each. */
  void run() throws IOException, OfSyntaxException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-bench");
    try {
      OvsDpdk peer = OvsDpdk.installed();
      boolean first = true;
      for (BenchPolicy policy : BenchPolicy.values()) {
        for (int flows : FLOWS) {
          compare(peer, policy, flows, folder, first);
          first = false;
        }
      }
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private void compare(OvsDpdk peer, BenchPolicy policy, int flows, Path folder, boolean isFirst)
      throws IOException, OfSyntaxException, InterruptedException {
    Path rules = Files.writeString(folder.resolve(policy.title() + ".flows"), policy.flows());
    Path capture = folder.resolve("udp" + flows + ".pcap");
    Traffic.writeUdp(capture, flows);
    progress.printf("%s, %,d flows: ovs-dpdk ...%n", policy.title(), flows);
    double theirs = peer.mpps(rules, capture, options.seconds);
    progress.printf("%s, %,d flows: sluice ...%n", policy.title(), flows);
    ForwardBench.Result ours = new ForwardRun(options).run(rules, capture);
    if (options.json) {
      printJson(policy, flows, theirs, ours);
    } else {
      if (isFirst) {
        out.printf(
            "%-10s %-10s %14s %12s %12s %8s%n",
            "policy", "capture", "ovs-dpdk Mpps", "sluice Mpps", "ns/packet", "ratio");
      }
      print("%-10s udp%-7d %14.2f %12.2f %12.1f %8.2f%n", policy, flows, theirs, ours);
    }
  }

  private void printJson(BenchPolicy policy, int flows, double theirs, ForwardBench.Result ours) {
    print(
        "{\"policy\": \"%s\", \"capture\": \"udp%d\", \"peerMpps\": %.3f, \"mpps\": %.3f,"
            + " \"nsPerPacket\": %.1f, \"ratio\": %.2f}%n",
        policy, flows, theirs, ours);
  }

  private void print(
      String format, BenchPolicy policy, int flows, double theirs, ForwardBench.Result ours) {
    out.print(
        String.format(
            Locale.ROOT,
            format,
            policy.title(),
            flows,
            theirs,
            ours.mpps(),
            ours.nsPerPacket(),
            ours.mpps() / theirs));
    out.flush();
  }
}
