package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sluice.base.clock.Clock;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.datapath.Megaflow;
import org.sluice.datapath.datapath.Port;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.vswitchd.translate.Topology;

/** What {@code ovs-appctl} asks about the datapath. Keeps nothing. */
final class DatapathCommands {
  private final SwitchCore core;
  private final Datapath datapath;
  private final Clock clock;

  DatapathCommands(SwitchCore core, Clock clock) {
    this.core = core;
    this.datapath = core.datapath();
    this.clock = clock;
  }

  void registerIn(UnixctlCommands commands) {
    commands.register("dpif/show", "", 0, 0, _ -> showBridges());
    commands.register("dpif/dump-dps", "", 0, 0, _ -> dumpBridges());
    commands.register(
        "dpif/dump-flows", "[-m] [--names | --no-names] bridge", 1, 3, this::dumpBridgeFlows);
    commands.register("dpif/show-dp-features", "bridge", 1, 1, this::showCapabilities);
    commands.register("dpctl/show", "[-s] [dp...]", 0, 8, this::show);
    commands.register("dpctl/dump-dps", "", 0, 0, _ -> UnixctlReply.text(datapath.name() + "\n"));
    commands.register(
        "dpctl/dump-flows", "[-m] [--names] [dp] [filter=..] [type=..]", 0, 6, this::dumpFlows);
    commands.register("dpctl/del-flows", "[dp]", 0, 1, this::deleteFlows);
    commands.register("dpif-netdev/pmd-stats-show", "[dp]", 0, 1, _ -> showCaches());
  }

  // --- Ports.

  private UnixctlReply showBridges() {
    DatapathStatistics counters = datapath.statistics();
    StringBuilder text = new StringBuilder(datapath.name());
    text.append(": hit:").append(counters.hits());
    text.append(" missed:").append(counters.misses()).append('\n');
    for (Ofproto bridge : core.ofprotos()) {
      text.append("  ").append(bridge.name()).append(":\n");
      List<SwitchPort> ports = new ArrayList<>(bridge.portTable().all());
      ports.sort(Comparator.comparing(SwitchPort::name));
      ports.forEach(port -> text.append(line(port)));
    }
    return UnixctlReply.text(text.toString());
  }

  private String line(SwitchPort port) {
    Port attached = datapath.port(port.datapathPort());
    String number = attached == null ? "none" : Integer.toString(attached.number());
    String peer = port.peer() == null ? "" : ": peer=" + peerName(port);
    String kind = attached == null ? "patch" + peer : attached.netdev().type();
    return String.format(
        Locale.ROOT, "    %s %d/%s: (%s)\n", port.name(), port.number(), number, kind);
  }

  private String peerName(SwitchPort port) {
    Ofproto bridge = core.bridge(port.peer().bridge());
    SwitchPort other = bridge == null ? null : bridge.portTable().get(port.peer().ofPort());
    return other == null ? "?" : other.name();
  }

  private UnixctlReply dumpBridges() {
    String type = datapath.name().substring(0, datapath.name().indexOf('@') + 1);
    StringBuilder text = new StringBuilder();
    core.ofprotos().forEach(bridge -> text.append(type).append(bridge.name()).append('\n'));
    return UnixctlReply.text(text.toString());
  }

  private UnixctlReply showCapabilities(UnixctlRequest request) {
    return core.bridge(request.args().getFirst()) == null
        ? OfprotoCommands.noSuchBridge()
        : UnixctlReply.text(Capability.features());
  }

  private UnixctlReply show(UnixctlRequest request) {
    for (String argument : request.args()) {
      if (!argument.startsWith("-") && !argument.equals(datapath.name())) {
        return noSuchDatapath(argument);
      }
    }
    DatapathStatistics counters = datapath.statistics();
    StringBuilder text = new StringBuilder(datapath.name()).append(":\n");
    text.append("  lookups: hit:").append(counters.hits());
    text.append(" missed:").append(counters.misses());
    text.append(" lost:").append(counters.lost()).append('\n');
    text.append("  flows: ").append(counters.megaflows()).append('\n');
    for (Port port : datapath.ports()) {
      text.append("  port ").append(port.number()).append(": ").append(port.name());
      String type = port.netdev().type();
      text.append(type.equals("system") ? "" : " (" + type + ")").append('\n');
    }
    return UnixctlReply.text(text.toString());
  }

  private static UnixctlReply noSuchDatapath(String name) {
    return UnixctlReply.error(
        "ovs-vswitchd: opening datapath " + name + " failed (No such device)");
  }

  private UnixctlReply showCaches() {
    StringBuilder text = new StringBuilder();
    for (var thread : datapath.threads()) {
      DatapathStatistics counters = thread.statistics();
      text.append("packet thread ").append(thread.name()).append(":\n");
      append(text, "packets received", counters.received());
      append(text, "microflow hits", counters.microflowHits());
      append(text, "megaflow hits", counters.megaflowHits());
      append(text, "miss with success upcall", counters.misses() - counters.lost());
      append(text, "miss with failed upcall", counters.lost());
      append(text, "masks probed", counters.probes());
      append(text, "masks", counters.masks());
      append(text, "megaflows", counters.megaflows());
      append(text, "program errors survived", counters.faults());
    }
    return UnixctlReply.text(text.toString());
  }

  private static void append(StringBuilder text, String name, long value) {
    text.append("  ").append(name).append(": ").append(value).append('\n');
  }

  // --- Megaflows.

  /** What the arguments of a dump ask for. */
  private record Wanted(boolean more, boolean names, Match filter, String plain, String error) {}

  private Wanted wanted(List<String> arguments) {
    boolean more = false;
    boolean names = false;
    Match filter = Match.any();
    String plain = null;
    for (String argument : arguments) {
      switch (argument) {
        case "-m", "--more" -> more = true;
        case "--names" -> names = true;
        case "--no-names" -> names = false;
        default -> {
          if (argument.startsWith("filter=")) {
            try {
              filter = FlowParser.parseMatch(argument.substring("filter=".length()), portNames());
            } catch (OfSyntaxException e) {
              return new Wanted(false, false, null, null, e.getMessage());
            }
          } else if (!argument.startsWith("type=") && !argument.startsWith("pmd=")) {
            plain = argument;
          }
        }
      }
    }
    return new Wanted(more, names, filter, plain, null);
  }

  /** The datapath's ports by the names of their devices. */
  private Names portNames() {
    Map<String, Integer> numbers = new HashMap<>();
    datapath.ports().forEach(port -> numbers.put(port.name(), port.number()));
    return new Names(numbers, Map.of());
  }

  private UnixctlReply dumpFlows(UnixctlRequest request) {
    Wanted wanted = wanted(request.args());
    if (wanted.error != null) {
      return UnixctlReply.error("Failed to parse filter (" + wanted.error + ")");
    }
    if (wanted.plain != null && !wanted.plain.equals(datapath.name())) {
      return noSuchDatapath(wanted.plain);
    }
    FlowTextOptions options = MegaflowText.options(datapath, wanted.more, wanted.names);
    long nowNs = clock.nowNs();
    StringBuilder text = new StringBuilder();
    for (var thread : datapath.threads()) {
      int before = text.length();
      for (Megaflow megaflow : thread.megaflows()) {
        if (!megaflow.isRemoved() && wanted.filter.matches(megaflow.firstKey())) {
          text.append(MegaflowText.line(megaflow, options, nowNs));
        }
      }
      if (text.length() > before) {
        text.insert(before, header(thread.index()));
      }
    }
    return UnixctlReply.text(text.toString());
  }

  private String header(int index) {
    return datapath.threads().size() == 1
        ? "flow-dump from the main thread:\n"
        : "flow-dump from pmd on cpu core: " + index + "\n";
  }

  private UnixctlReply dumpBridgeFlows(UnixctlRequest request) {
    Wanted wanted = wanted(request.args());
    Ofproto bridge = wanted.plain == null ? null : core.bridge(wanted.plain);
    if (bridge == null) {
      return OfprotoCommands.noSuchBridge();
    }
    FlowTextOptions options = MegaflowText.options(datapath, wanted.more, wanted.names);
    long nowNs = clock.nowNs();
    StringBuilder text = new StringBuilder();
    for (Megaflow megaflow : datapath.megaflows()) {
      Topology.Place place = core.locate((int) megaflow.key().get(Field.IN_PORT));
      if (!megaflow.isRemoved() && place != null && place.bridge() == bridge) {
        text.append(MegaflowText.line(megaflow, options, nowNs));
      }
    }
    return UnixctlReply.text(text.toString());
  }

  private UnixctlReply deleteFlows(UnixctlRequest request) {
    datapath.flush();
    return UnixctlReply.NOTHING;
  }
}
