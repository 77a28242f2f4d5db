package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.sluice.base.clock.Clock;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.l2.FdbText;
import org.sluice.vswitchd.translate.FlowLimit;
import org.sluice.vswitchd.translate.Revalidator;

/**
 * What {@code ovs-appctl} asks about bridges: their rules and stations, and whether what the
 * datapath cached is up to date. Keeps nothing.
 */
public final class OfprotoCommands {
  private static final int ANY_NUMBER = Integer.MAX_VALUE;
  private static final long NANOS_PER_MILLISECOND = 1_000_000L;

  private final SwitchCore core;
  private final Clock clock;

  /** Commands about the bridges of {@code core}. */
  public OfprotoCommands(SwitchCore core, Clock clock) {
    this.core = core;
    this.clock = clock;
  }

  /** Adds these commands, and those about the datapath and its connections. */
  public void registerIn(UnixctlCommands commands) {
    commands.register("ofproto/list", "", 0, 0, _ -> list());
    commands.register("bridge/dump-flows", "[--offload-stats] bridge", 1, 2, this::dumpFlows);
    commands.register("fdb/show", "bridge [...]", 1, ANY_NUMBER, this::showStations);
    commands.register("fdb/flush", "[bridge]", 0, 1, this::flushStations);
    commands.register("fdb/stats-show", "bridge", 1, 1, this::showStationCounts);
    commands.register("fdb/stats-clear", "[bridge]", 0, 1, this::clearStationCounts);
    commands.registerDeferred("revalidator/wait", "", 0, 0, _ -> revalidate());
    commands.registerDeferred("revalidator/purge", "", 0, 0, _ -> purge());
    commands.register("revalidator/pause", "", 0, 0, _ -> pause());
    commands.register("revalidator/resume", "", 0, 0, _ -> resume());
    commands.register("upcall/show", "", 0, 0, _ -> showUpcalls());
    commands.register("upcall/set-flow-limit", "flow-limit-number", 1, 1, this::setFlowLimit);
    new DatapathCommands(core, clock).registerIn(commands);
    new ConnectionCommands(core.conntrack(), clock)
        .registerIn(
            commands,
            new DatapathArguments(core.datapath().name(), () -> !core.ofprotos().isEmpty()));
  }

  /** What commands say of a bridge that is not there. */
  static UnixctlReply noSuchBridge() {
    return UnixctlReply.error("no such bridge");
  }

  private UnixctlReply list() {
    StringBuilder text = new StringBuilder();
    core.ofprotos().forEach(bridge -> text.append(bridge.name()).append('\n'));
    return UnixctlReply.text(text.toString());
  }

  private UnixctlReply dumpFlows(UnixctlRequest request) {
    Ofproto bridge = core.bridge(request.args().getLast());
    if (bridge == null) {
      return UnixctlReply.error("Unknown bridge");
    }
    long nowNs = clock.nowNs();
    core.refreshStatistics();
    StringBuilder text = new StringBuilder();
    boolean offloaded = request.args().getFirst().equals("--offload-stats");
    bridge.tables().all().forEach(rule -> text.append(line(rule, offloaded, nowNs)).append('\n'));
    return UnixctlReply.text(text.toString());
  }

  private static String line(Rule rule, boolean offloaded, long nowNs) {
    return String.format(
        Locale.ROOT,
        "%sduration=%ds, n_packets=%d, n_bytes=%d, %s%s,actions=%s",
        rule.tableId() == 0 ? "" : "table_id=" + rule.tableId() + ", ",
        Ofproto.secondsBetween(rule.createdNs(), nowNs),
        rule.statistics().packets(),
        rule.statistics().bytes(),
        offloaded ? "n_offload_packets=0, n_offload_bytes=0, " : "",
        MatchFormatter.format(rule.match(), rule.priority(), Names.NONE),
        new ActionFormatter(Names.NONE).format(rule.actions()));
  }

  private UnixctlReply showStations(UnixctlRequest request) {
    List<FdbText.Listing> listings = new ArrayList<>();
    for (String name : request.args()) {
      Ofproto bridge = core.bridge(name);
      if (bridge == null) {
        return noSuchBridge();
      }
      listings.add(
          new FdbText.Listing(
              name, bridge.macTable().entries(clock.nowNs()), id -> portText(bridge, id)));
    }
    return UnixctlReply.text(FdbText.show(listings));
  }

  private static String portText(Ofproto bridge, int bundleId) {
    Bundle bundle = bridge.bundle(bundleId);
    return bundle == null ? "?" : OfPort.text(bundle.port());
  }

  /** The bridge that the only argument names, or all; none where it names none. */
  private List<Ofproto> meant(UnixctlRequest request) {
    if (request.args().isEmpty()) {
      return core.ofprotos();
    }
    Ofproto bridge = core.bridge(request.args().getFirst());
    return bridge == null ? List.of() : List.of(bridge);
  }

  private UnixctlReply flushStations(UnixctlRequest request) {
    List<Ofproto> bridges = meant(request);
    if (bridges.isEmpty() && !request.args().isEmpty()) {
      return noSuchBridge();
    }
    // What packets did before must not teach the stations again afterwards.
    core.refreshStatistics();
    for (Ofproto bridge : bridges) {
      bridge.macTable().flush();
      core.stationMoved(bridge);
    }
    return UnixctlReply.text(FdbText.FLUSHED + "\n");
  }

  private UnixctlReply showStationCounts(UnixctlRequest request) {
    Ofproto bridge = core.bridge(request.args().getFirst());
    return bridge == null
        ? noSuchBridge()
        : UnixctlReply.text(FdbText.statistics(bridge.name(), bridge.macTable().statistics()));
  }

  private UnixctlReply clearStationCounts(UnixctlRequest request) {
    List<Ofproto> bridges = meant(request);
    if (bridges.isEmpty() && !request.args().isEmpty()) {
      return noSuchBridge();
    }
    bridges.forEach(bridge -> bridge.macTable().clearStatistics());
    return UnixctlReply.text(FdbText.STATISTICS_CLEARED + "\n");
  }

  /** Replies after a whole round, when the packet threads, too, have taken notice. */
  private CompletableFuture<UnixctlReply> revalidate() {
    return core.revalidator().nextRound().thenApply(_ -> UnixctlReply.NOTHING);
  }

  private UnixctlReply pause() {
    core.revalidator().pause();
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply resume() {
    core.revalidator().resume();
    return UnixctlReply.NOTHING;
  }

  /** The counters of a megaflow that goes are final only once it is gone. */
  private CompletableFuture<UnixctlReply> purge() {
    core.datapath().flush();
    return core.datapath()
        .fence()
        .thenApplyAsync(_ -> {
          core.refreshStatistics();
          return UnixctlReply.NOTHING;
        });
  }

  private UnixctlReply showUpcalls() {
    Revalidator revalidator = core.revalidator();
    FlowLimit.History history = revalidator.history();
    int flows = core.datapath().megaflows().size();
    return UnixctlReply.text(
        String.format(
            Locale.ROOT,
            """
            %s:
              flows         : (current %d) (avg %d) (max %d) (limit %d)
              dump duration : %dms
              ufid enabled : true

              0: (keys %d)
            """,
            core.datapath().name(),
            flows,
            history.averageFlows(),
            history.mostFlows(),
            revalidator.flowLimit(),
            Math.max(1, history.lastRoundNs() / NANOS_PER_MILLISECOND),
            flows));
  }

  private UnixctlReply setFlowLimit(UnixctlRequest request) {
    try {
      int limit = Integer.parseUnsignedInt(request.args().getFirst());
      core.revalidator().setFlowLimit(Math.max(0, limit));
      return UnixctlReply.text("set flow_limit to " + limit + "\n");
    } catch (NumberFormatException e) {
      return UnixctlReply.error("invalid flow limit: " + request.args().getFirst());
    }
  }
}
