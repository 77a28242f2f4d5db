package org.sluice.bench.network;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.sluice.bench.contest.CommandLines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@code ./sluice bench network}. Filled by picocli. */
@Command(
    name = "./sluice bench network",
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = {"./sluice bench network [--against PEER] [OPTION ...]"},
    description = {
      "",
      "Puts a switch between two hosts, which are network namespaces made for the purpose, and"
          + " measures what gets through under connection tracking: one stream of TCP, UDP"
          + " datagrams of 18 bytes as fast as they come, HTTP connections opened and closed; how"
          + " long datagrams take at half of the rate that the receiving program could take, and"
          + " the first one after nothing was sent for a while. Needs root and iperf3.",
      "",
      "With --json one line for each: {\"measurement\", \"unit\", \"sluice\"}, and for each peer"
          + " {\"peer\", \"value\", \"ratio\", \"wanted\"}; a ratio above 1 says that this switch is"
          + " the better one.",
      ""
    },
    optionListHeading = "Options:%n")
final class NetworkOptions {
  @Option(
      names = "--against",
      paramLabel = "PEER",
      description =
          "Measure competitors in turn: ovs-afpacket, ovs-afxdp (Debian's ovs-vswitchd in user"
              + " space), bridge (the kernel's, with nftables), or ovs for all three.")
  String against;

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      defaultValue = "",
      description =
          "The type of this switch's interfaces, for example afxdp (as it chooses itself).")
  String type;

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How long each is measured (${DEFAULT-VALUE}), after as long to warm up.")
  int seconds;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often all is repeated; the median counts (${DEFAULT-VALUE}).")
  int rounds;

  @Option(
      names = "--idle-seconds",
      paramLabel = "N",
      defaultValue = "5",
      description =
          "How long the switch is left alone before the first datagram (${DEFAULT-VALUE}). A"
              + " connection and what the caches know of it are forgotten within a minute.")
  int idleSeconds;

  @Option(names = "--json", description = "Print JSON.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;

  /** What is measured, ours first; refuses what makes no sense. */
  List<NetworkPeer> peers() throws IOException {
    List<NetworkPeer> peers = new ArrayList<>(List.of(NetworkPeer.SLUICE));
    if (against != null) {
      peers.addAll(NetworkPeer.against(against));
    }
    CommandLines.checkRange("--seconds", seconds, 1, 600);
    CommandLines.checkRange("--rounds", rounds, 1, 100);
    CommandLines.checkRange("--idle-seconds", idleSeconds, 1, 600);
    return peers;
  }
}
