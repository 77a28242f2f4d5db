package org.sluice.tools.replay;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line of {@link ReplayCommand}. Filled by picocli. */
@Command(
    name = "./sluice replay",
    sortOptions = false,
    usageHelpWidth = 100,
    abbreviateSynopsis = true,
    customSynopsis =
        "./sluice replay --flows FILE --in PORT=FILE [--in PORT=FILE ...] --out DIR [--packets]"
            + " [--json]",
    description = {
      "",
      "Sends captured frames through the switch and writes what comes out, in virtual time: each"
          + " frame enters when its timestamp says, timeouts run by the same time, and the run"
          + " takes no longer than it must. The same files give the same result on every run. Needs"
          + " no privileges.",
      "",
      "The switch is one bridge with the rules of the flow file only. Its ports are those that"
          + " captures enter by, those that the rules send to, and those of --port; what leaves by"
          + " port N is in DIR/N.pcap, stamped with the time at which it left.",
      ""
    },
    optionListHeading = "Options:%n",
    footer = {
      "",
      "Example, the firewall with state against an attack recorded between three hosts:",
      "",
      "  cd examples/firewall",
      "  ../../sluice replay --flows stateful.flows --in 1=captures/forged-rst/client.pcap \\",
      "      --in 2=captures/forged-rst/server.pcap --in 3=captures/forged-rst/attacker.pcap \\",
      "      --out /tmp/replayed --packets",
      "",
      "The result: a line for each port, connection (as ovs-appctl dpctl/dump-conntrack prints it,"
          + " also those that ended during the replay, as they were last) and reason of drops."
          + " With --json each of these lines is an object:",
      "",
      "  {\"type\": \"port\", \"port\", \"in\", \"out\", \"file\"}",
      "  {\"type\": \"connection\", \"zone\", \"text\"}",
      "  {\"type\": \"drop\", \"reason\", \"text\", \"packets\"}",
      "  {\"type\": \"caches\", \"microflowHits\", \"megaflowHits\", \"misses\"}",
      "and, with --packets, before them for each packet in order of time:",
      "  {\"type\": \"packet\", \"timeNs\" (since the first), \"port\", \"bytes\", \"text\","
          + " \"outputs\": [port],",
      "   \"drops\": [reason], \"rules\": [{\"cookie\", \"table\", \"priority\"}]}",
      "",
      "Exit status: 0 if all went through the switch, whatever became of it; 1 if a file or an"
          + " option is wrong, and then nothing was written."
    })
final class ReplayOptions {
  @Option(
      names = "--flows",
      paramLabel = "FILE",
      required = true,
      description = "The rules, in the syntax of ovs-ofctl add-flows.")
  Path flows;

  @Option(
      names = "--in",
      paramLabel = "PORT=FILE",
      required = true,
      description = "A capture (pcap) whose frames enter by OpenFlow port PORT. Once per port.")
  List<String> inputs = new ArrayList<>();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "A port more, without a capture: for rules with normal or flood.")
  List<String> morePorts = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "Where to write; made if it is not there. Captures there are replaced.")
  Path out;

  @Option(
      names = "--packets",
      description =
          "A line for each packet: what came in, and what became of it and by which rule.")
  boolean packets;

  @Option(names = "--json", description = "Print JSON, one object on each line; see below.")
  boolean json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This help.")
  boolean help;
}
