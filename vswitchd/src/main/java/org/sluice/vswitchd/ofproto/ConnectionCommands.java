package org.sluice.vswitchd.ofproto;

import java.util.List;
import java.util.function.Predicate;
import org.sluice.base.clock.Clock;
import org.sluice.base.unixctl.PortionReader;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.datapath.conntrack.ConnectionCounts;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.conntrack.ConnectionWalk;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.ExpectationWalk;
import org.sluice.datapath.conntrack.PortPoolWalk;
import org.sluice.datapath.conntrack.nat.PortPools;
import org.sluice.datapath.flow.FlowSyntaxException;

/** What {@code ovs-appctl} asks about tracked connections. Keeps nothing. */
final class ConnectionCommands {
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final String ZONE = "zone=";
  private static final String ABOVE = "gt=";

  private final Conntrack conntrack;
  private final Clock clock;

  ConnectionCommands(Conntrack conntrack, Clock clock) {
    this.conntrack = conntrack;
    this.clock = clock;
  }

  void registerIn(UnixctlCommands commands, DatapathArguments arguments) {
    arguments.register(commands, "dump-conntrack", "[-m] [-s] [dp] [zone=N]", 0, 4, this::dump);
    arguments.register(commands, "dump-conntrack-exp", "[dp] [zone=N]", 0, 2, this::dumpExpected);
    arguments.register(
        commands,
        "flush-conntrack",
        "[dp] [zone=N] [mark=X[/M]] [labels=Y[/N]] [ct-orig-tuple [ct-reply-tuple]]",
        0,
        6,
        this::flush);
    arguments.register(commands, "ct-get-nconns", () -> count(conntrack.limits().count()));
    arguments.register(
        commands, "ct-get-maxconns", () -> count(conntrack.limits().maxConnections()));
    arguments.register(commands, "ct-stats-show", "[dp] [zone=N]", 0, 4, this::statistics);
    arguments.register(commands, "ct-bkts", "[dp] [gt=N]", 0, 2, this::buckets);
    arguments.register(commands, "ct-nat-pools", this::pools);
    arguments.register(
        commands,
        "ct-get-sweep-interval",
        () -> UnixctlReply.text(Long.toString(conntrack.sweepIntervalMs())));
    arguments.register(commands, "ct-set-sweep-interval", "[dp] ms", 1, 2, this::setSweepInterval);
    arguments.register(commands, "ct-set-maxconns", "[dp] maxconns", 1, 2, this::setLimit);
    arguments.register(
        commands,
        "ct-get-tcp-seq-chk",
        () -> UnixctlReply.text("TCP sequence checking: " + windowChecks() + "\n"));
    arguments.register(commands, "ct-enable-tcp-seq-chk", () -> checkWindows(true));
    arguments.register(commands, "ct-disable-tcp-seq-chk", () -> checkWindows(false));
    new ZoneLimitCommands(conntrack.limits()).registerIn(commands, arguments);
    new FragmentCommands(conntrack).registerIn(commands, arguments);
    new ConnectionEvents(conntrack).registerIn(commands, arguments);
  }

  private static UnixctlReply count(int number) {
    return UnixctlReply.text(number + "\n");
  }

  private String windowChecks() {
    return conntrack.checksTcpWindow() ? "enabled" : "disabled";
  }

  private UnixctlReply checkWindows(boolean checks) {
    conntrack.setChecksTcpWindow(checks);
    return UnixctlReply.text(
        (checks ? "enabling" : "disabling") + " TCP sequence checking successful");
  }

  private UnixctlReply setLimit(DatapathCall call) {
    return DatapathArguments.withNumber(call, this::setLimit);
  }

  private UnixctlReply setLimit(long limit) {
    if (limit < 0) {
      return DatapathArguments.failure("maxconns missing or malformed");
    }
    conntrack.limits().setMaxConnections((int) Math.min(limit, Integer.MAX_VALUE));
    return UnixctlReply.text("setting maxconns successful");
  }

  /** What a dump is of: the zone that the last word names, if it does; null if there is more. */
  private static ConnectionFilter zone(DatapathCall call) {
    String zone = call.last(ZONE);
    try {
      List<String> named = zone == null ? List.of() : List.of(zone);
      return call.words().size() > named.size() ? null : ConnectionFilter.parse(named);
    } catch (FlowSyntaxException e) {
      return null; // Open vSwitch takes it for a datapath's name
    }
  }

  private UnixctlReply dump(DatapathCall call) {
    ConnectionFilter isMeant = zone(call);
    return isMeant == null
        ? DatapathArguments.noSuchDatapath()
        : UnixctlReply.longText(lines(isMeant, call.more(), call.statistics()));
  }

  private PortionReader lines(Predicate<ConnectionSnapshot> isMeant, boolean more, boolean times) {
    ConnectionWalk walk = conntrack.walk();
    return new PortionReader(text ->
        walk.next(
            nowMs(),
            connection -> {
              if (isMeant.test(connection)) {
                text.append(ConnectionText.line(connection, more, times)).append('\n');
              }
            }));
  }

  private UnixctlReply dumpExpected(DatapathCall call) {
    ConnectionFilter isMeant = zone(call);
    if (isMeant == null) {
      return DatapathArguments.noSuchDatapath();
    }
    ExpectationWalk walk = conntrack.walkExpectations();
    return UnixctlReply.longText(
        new PortionReader(text ->
            walk.next(
                nowMs(),
                expected -> {
                  if (isMeant.includesZone(expected.zone())) {
                    text.append(ConnectionText.line(expected)).append('\n');
                  }
                })));
  }

  private UnixctlReply flush(DatapathCall call) {
    try {
      boolean isDone = ConnectionFlush.flush(conntrack, call.words());
      return isDone
          ? UnixctlReply.NOTHING
          : DatapathArguments.failure("failed to flush conntrack", "No such file or directory");
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
  }

  private UnixctlReply statistics(DatapathCall call) {
    DatapathCall asked = call.withMoreIf("verbose"); // as it was called earlier
    ConnectionFilter isMeant = zone(asked);
    if (isMeant == null) {
      return DatapathArguments.noSuchDatapath();
    }
    ConnectionCounts counts = conntrack.counts();
    if (isMeant.zone().isPresent()) {
      ConnectionCounts.Snapshot ofZone = counts.now(isMeant.zone().getAsInt());
      return UnixctlReply.text(ConnectionStatistics.text(ofZone, asked.more()));
    }
    ConnectionCounts.Snapshot all = counts.now();
    return UnixctlReply.text(
        ConnectionStatistics.text(all, asked.more())
            + ConnectionStatistics.memory(conntrack, all.total()));
  }

  private long nowMs() {
    return clock.nowNs() / MILLISECOND_NS;
  }

  /** Open vSwitch's user space reports its one bucket per zone as a single one. */
  private UnixctlReply buckets(DatapathCall call) {
    String above = call.last(ABOVE);
    long least = above == null ? 0 : DatapathArguments.number(above.substring(ABOVE.length()));
    if (least < 0 || call.words().size() > (above == null ? 0 : 1)) {
      return DatapathArguments.noSuchDatapath();
    }
    int count = conntrack.limits().count();
    StringBuilder text = new StringBuilder("Total Buckets: 1\nCurrent Connections: ");
    text.append(count).append("\n\n");
    if (count != 0) {
      String rule = "+-----------+-----------------------------------------+\n";
      text.append(rule).append("|  Buckets  |         Connections per Buckets         |\n");
      text.append(rule).append("   0..  7   | ");
      text.append(String.format("%5s\n\n", count > least ? Integer.toString(count) : "."));
    }
    return UnixctlReply.text(text.toString());
  }

  /** A line for each pair of a translated address and a remote end, and how often none was left. */
  private UnixctlReply pools() {
    PortPools pools = conntrack.portPools();
    PortPoolWalk walk = conntrack.walkPortPools();
    String head =
        "pools: %d, ports in use: %d, exhausted: %d\n"
            .formatted(pools.count(), pools.portsInUse(), conntrack.exhaustions());
    return UnixctlReply.longText(
        new PortionReader(
            head, text -> walk.next(pool -> text.append(ConnectionText.line(pool)).append('\n'))));
  }

  private UnixctlReply setSweepInterval(DatapathCall call) {
    return DatapathArguments.withNumber(call, this::setSweepInterval);
  }

  private UnixctlReply setSweepInterval(long ms) {
    if (ms <= 0) {
      return DatapathArguments.failure("invalid sweep value");
    }
    conntrack.setSweepIntervalMs(ms);
    return UnixctlReply.text("setting sweep interval successful\n");
  }
}
