package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.sluice.base.clock.Clock;
import org.sluice.base.unixctl.PortionReader;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.datapath.conntrack.ConnectionCounts;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.conntrack.ConnectionWalk;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.ExpectationSnapshot;
import org.sluice.datapath.flow.FlowSyntaxException;

/** What {@code ovs-appctl} asks about tracked connections. Keeps nothing. */
final class ConnectionCommands {
  private static final long MILLISECOND_NS = 1_000_000L;

  private final Conntrack conntrack;
  private final Clock clock;

  ConnectionCommands(Conntrack conntrack, Clock clock) {
    this.conntrack = conntrack;
    this.clock = clock;
  }

  void registerIn(UnixctlCommands commands) {
    commands.register("dpctl/dump-conntrack", "[-m] [-s] [dp] [zone=N]", 0, 4, this::dump);
    commands.register("dpctl/dump-conntrack-exp", "[dp] [zone=N]", 0, 2, this::dumpExpected);
    commands.register(
        "dpctl/flush-conntrack",
        "[dp] [zone=N] [mark=X[/M]] [labels=Y[/N]] [ct-origin-tuple [ct-reply-tuple]]",
        0,
        6,
        this::flush);
    commands.register(
        "dpctl/ct-get-nconns", "[dp]", 0, 1, request -> count(request, conntrack.limits().count()));
    commands.register(
        "dpctl/ct-get-maxconns",
        "[dp]",
        0,
        1,
        request -> count(request, conntrack.limits().maxConnections()));
    commands.register("dpctl/ct-stats-show", "[dp] [zone=N]", 0, 4, this::statistics);
    commands.register("dpctl/ct-bkts", "[dp] [gt=N]", 0, 2, this::buckets);
    commands.register("dpctl/ct-nat-pools", "[dp]", 0, 1, this::pools);
    commands.register(
        "dpctl/ct-get-sweep-interval",
        "[dp]",
        0,
        1,
        request -> DatapathArguments.answer(request, conntrack.sweepIntervalMs() + "\n"));
    commands.register("dpctl/ct-set-sweep-interval", "[dp] ms", 1, 2, this::setSweepInterval);
    new ZoneLimitCommands(conntrack.limits()).registerIn(commands);
    new FragmentCommands(conntrack).registerIn(commands);
    new ConnectionEvents(conntrack).registerIn(commands);
    commands.register("dpctl/ct-set-maxconns", "[dp] maxconns", 1, 2, this::setLimit);
    commands.register(
        "dpctl/ct-get-tcp-seq-chk",
        "[dp]",
        0,
        1,
        _ -> UnixctlReply.text("TCP sequence checking: " + windowChecks() + "\n"));
    commands.register("dpctl/ct-enable-tcp-seq-chk", "[dp]", 0, 1, _ -> checkWindows(true));
    commands.register("dpctl/ct-disable-tcp-seq-chk", "[dp]", 0, 1, _ -> checkWindows(false));
  }

  private static UnixctlReply count(UnixctlRequest request, int number) {
    return DatapathArguments.answer(request, number + "\n");
  }

  private String windowChecks() {
    return conntrack.checksTcpWindow() ? "enabled" : "disabled";
  }

  private UnixctlReply checkWindows(boolean checks) {
    conntrack.setChecksTcpWindow(checks);
    return UnixctlReply.text(
        (checks ? "enabling" : "disabling") + " TCP sequence checking successful\n");
  }

  private UnixctlReply setLimit(UnixctlRequest request) {
    try {
      int limit = Integer.parseInt(request.args().getLast());
      if (DatapathArguments.without(request.args()).size() > 1) {
        return DatapathArguments.failure("datapath not found");
      }
      if (limit >= 0) {
        conntrack.limits().setMaxConnections(limit);
        return UnixctlReply.text("setting maxconns successful\n");
      }
    } catch (NumberFormatException e) {
      return DatapathArguments.failure("maxconns missing or malformed");
    }
    return DatapathArguments.failure("maxconns missing or malformed");
  }

  private UnixctlReply dump(UnixctlRequest request) {
    boolean more = request.args().contains("-m") || request.args().contains("--more");
    boolean times = request.args().contains("-s") || request.args().contains("--statistics");
    List<String> words =
        DatapathArguments.without(
            request.args().stream().filter(word -> !word.startsWith("-")).toList());
    if (words.stream().anyMatch(word -> !word.startsWith("zone="))) {
      return DatapathArguments.failure("datapath not found");
    }
    try {
      Predicate<ConnectionSnapshot> isMeant = ConnectionFilter.parse(words);
      return UnixctlReply.longText(lines(isMeant, more, times));
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
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

  private UnixctlReply dumpExpected(UnixctlRequest request) {
    List<String> words = DatapathArguments.without(request.args());
    if (words.stream().anyMatch(word -> !word.startsWith("zone="))) {
      return DatapathArguments.failure("datapath not found");
    }
    try {
      OptionalInt zone = ConnectionFilter.parse(words).zone();
      StringBuilder text = new StringBuilder();
      for (ExpectationSnapshot expected : conntrack.expectationsNow(nowMs())) {
        if (zone.isEmpty() || zone.getAsInt() == expected.zone()) {
          text.append(ConnectionText.line(expected)).append('\n');
        }
      }
      return UnixctlReply.text(text.toString());
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
  }

  private UnixctlReply flush(UnixctlRequest request) {
    try {
      boolean isDone = ConnectionFlush.flush(conntrack, DatapathArguments.without(request.args()));
      return isDone
          ? UnixctlReply.NOTHING
          : DatapathArguments.failure("failed to flush conntrack", "No such file or directory");
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
  }

  private UnixctlReply statistics(UnixctlRequest request) {
    List<String> words = new ArrayList<>(DatapathArguments.without(request.args()));
    boolean verbose = words.removeIf(word -> word.equals("-m") || word.equals("--more"));
    verbose |= words.removeIf(word -> word.startsWith("verbose"));
    if (words.stream().anyMatch(word -> !word.startsWith("zone="))) {
      return DatapathArguments.failure("datapath not found");
    }
    try {
      OptionalInt zone = ConnectionFilter.parse(words).zone();
      ConnectionCounts counts = conntrack.counts();
      if (zone.isPresent()) {
        return UnixctlReply.text(ConnectionStatistics.text(counts.now(zone.getAsInt()), verbose));
      }
      ConnectionCounts.Snapshot all = counts.now();
      return UnixctlReply.text(
          ConnectionStatistics.text(all, verbose)
              + ConnectionStatistics.memory(conntrack, all.total()));
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
  }

  private long nowMs() {
    return clock.nowNs() / MILLISECOND_NS;
  }

  /** Open vSwitch's user space reports its one bucket per zone as a single one. */
  private UnixctlReply buckets(UnixctlRequest request) {
    List<String> words = DatapathArguments.without(request.args());
    int above = 0;
    if (!words.isEmpty() && words.getLast().matches("gt=\\d{1,5}")) {
      above = Integer.parseInt(words.getLast().substring(3));
    }
    int count = conntrack.limits().count();
    StringBuilder text = new StringBuilder("Total Buckets: 1\nCurrent Connections: ");
    text.append(count).append("\n\n");
    if (count != 0) {
      String rule = "+-----------+-----------------------------------------+\n";
      text.append(rule).append("|  Buckets  |         Connections per Buckets         |\n");
      text.append(rule).append("   0..  7   | ");
      text.append(String.format("%5s\n\n", count > above ? Integer.toString(count) : "."));
    }
    return UnixctlReply.text(text.toString());
  }

  /** A line for each pair of a translated address and a remote end, and how often none was left. */
  private UnixctlReply pools(UnixctlRequest request) {
    StringBuilder text = new StringBuilder();
    text.append("pools: ").append(conntrack.portPools().count());
    text.append(", ports in use: ").append(conntrack.portPools().portsInUse());
    text.append(", exhausted: ").append(conntrack.exhaustions()).append('\n');
    conntrack.portPoolsNow().forEach(pool -> text.append(ConnectionText.line(pool)).append('\n'));
    return DatapathArguments.answer(request, text.toString());
  }

  private UnixctlReply setSweepInterval(UnixctlRequest request) {
    try {
      long ms = Long.parseLong(request.args().getLast());
      if (ms > 0 && ms <= 0xffff_ffffL) {
        conntrack.setSweepIntervalMs(ms);
        return UnixctlReply.text("setting sweep interval successful\n");
      }
    } catch (NumberFormatException e) {
      return DatapathArguments.failure("invalid sweep value");
    }
    return DatapathArguments.failure("invalid sweep value");
  }
}
