package org.sluice.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code ./sluice bench forward}. Filled by picocli. */
@Command(
    name = "./sluice bench forward",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {
      "./sluice bench forward --flows FILE --capture FILE [--seconds N | --once] [--json]",
      "       ./sluice bench forward --against ovs-dpdk [--policy NAME] [--seconds N] [--json]",
      "       ./sluice bench forward --against ovs-dpdk --flows FILE --capture FILE [...]",
      "       ./sluice bench forward --memory [--against ovs-dpdk] [--json]",
      "       ./sluice bench forward --threads [--seconds N] [--json]"
    },
    description = {
      "",
      "Plays a capture from memory into port 1 of a bridge that has the rules of the flow file, as"
          + " fast as one packet thread takes it, and throws away what leaves by port 2: everything"
          + " between a device's ring and another's, for each packet. The thread is pinned to one"
          + " CPU; revalidation runs beside it on the others.",
      "",
      "Prints packets, millions of packets per second, nanoseconds per packet and what the caches"
          + " did. With --json one line: {\"packets\", \"mpps\", \"nsPerPacket\","
          + " \"microflowHitRate\", \"misses\", \"masks\", \"megaflows\"}.",
      ""
    },
    optionListHeading = "Options:%n",
    footer = {
      "",
      "--against runs Debian's Open vSwitch with DPDK (openvswitch-switch-dpdk, as root, with huge"
          + " pages) and this switch in turn, and prints the ratios: on the given files, or on"
          + " made-up ones. Those are up to a million UDP flows, traffic that provokes 8,192 masks,"
          + " and frames of a flow each, through one rule (fwd), connection tracking (stateful), a"
          + " virtual network's pipeline (ovn), an access list (acl) and a short list that allows"
          + " some (tse); 20 rows, half a minute each. --policy, which may be repeated, runs"
          + " those of one policy; after all of them come --memory and --threads. With --json one line for each: {\"policy\", \"traffic\","
          + " \"once\", \"peerMpps\", \"mpps\", \"nsPerPacket\", \"ratio\"}. On a machine with"
          + " other work both vary: run it twice."
    })
final class ForwardOptions {
  @Option(
      names = "--flows",
      paramLabel = "FILE",
      description = "The rules, in the syntax of ovs-ofctl add-flows.")
  Path flows;

  @Option(
      names = "--capture",
      paramLabel = "FILE",
      description = "The frames (pcap) that come in by port 1.")
  Path capture;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "4",
      description =
          "How long to measure (${DEFAULT-VALUE}), after the switch has warmed up: 2 seconds at"
              + " least, and until the whole capture is played without a miss, a minute at most.")
  int seconds;

  @Option(
      names = "--once",
      description =
          "Play the capture once through a fresh switch, after others have warmed up the"
              + " compiler, for 6 seconds at least and until it gets no faster, a minute at most:"
              + " what new flows and connections cost.")
  boolean once;

  @Option(
      names = "--cpu",
      paramLabel = "N",
      defaultValue = "1",
      description = "The CPU that the packet thread runs on (${DEFAULT-VALUE}); -1 = any.")
  int cpu;

  @Option(
      names = "--against",
      paramLabel = "PEER",
      description = "Measure a competitor too: ovs-dpdk.")
  String against;

  @Option(
      names = "--policy",
      paramLabel = "NAME",
      description = "With --against, only rows of this policy: fwd, stateful, ovn, acl, tse.")
  List<BenchPolicy> policies = List.of();

  @Option(
      names = "--memory",
      description =
          "Tell what a megaflow and a connection take, all included: by how much more the process"
              + " grows with a hundred thousand, or a million, than with a thousand of them.")
  boolean memory;

  @Option(
      names = "--threads",
      description =
          "Tell what two packet threads forward, a port each, and what one does of both ports; both"
              + " ports receive the same connections. Of this switch alone.")
  boolean threads;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;

  /** Refuses what does not go together. */
  void check() throws IOException {
    if (memory && threads) {
      throw new IOException("--memory and --threads are measured one after the other");
    }
    if ((memory || threads) && (flows != null || capture != null || !policies.isEmpty())) {
      throw new IOException("--memory and --threads have policies and traffic of their own");
    }
    if (against == null && !memory && !threads && (flows == null || capture == null)) {
      throw new IOException("--flows FILE and --capture FILE are needed, or --against ovs-dpdk");
    }
    CommandLines.checkPeer(against, "ovs-dpdk");
    if (against != null && (flows == null) != (capture == null)) {
      throw new IOException("--flows FILE and --capture FILE go together");
    }
    if (against != null && flows == null && once) {
      throw new IOException("--once needs --flows FILE and --capture FILE");
    }
    if (!policies.isEmpty() && (against == null || flows != null)) {
      throw new IOException("--policy chooses among the rows of --against without --flows");
    }
    CommandLines.checkRange("--seconds", seconds, 1, 3600);
  }
}
