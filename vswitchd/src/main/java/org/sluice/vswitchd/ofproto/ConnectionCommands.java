package org.sluice.vswitchd.ofproto;

import java.util.List;
import java.util.function.Predicate;
import org.sluice.base.clock.Clock;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.FlowSyntaxException;

/** What {@code ovs-appctl} asks about tracked connections. Keeps nothing. */
final class ConnectionCommands {
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final String DATAPATH = "netdev@ovs-netdev";

  private final Conntrack conntrack;
  private final Clock clock;

  ConnectionCommands(Conntrack conntrack, Clock clock) {
    this.conntrack = conntrack;
    this.clock = clock;
  }

  void registerIn(UnixctlCommands commands) {
    commands.register("dpctl/dump-conntrack", "[-m] [-s] [dp] [zone=N]", 0, 4, this::dump);
    commands.register("dpctl/dump-conntrack-exp", "[dp]", 0, 2, _ -> dumpExpected());
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
    return withoutDatapath(request.args()).isEmpty()
        ? UnixctlReply.text(number + "\n")
        : failure("datapath not found");
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
      if (withoutDatapath(request.args()).size() > 1) {
        return failure("datapath not found");
      }
      if (limit >= 0) {
        conntrack.limits().setMaxConnections(limit);
        return UnixctlReply.text("setting maxconns successful\n");
      }
    } catch (NumberFormatException e) {
      return failure("maxconns missing or malformed");
    }
    return failure("maxconns missing or malformed");
  }

  private UnixctlReply dump(UnixctlRequest request) {
    boolean more = request.args().contains("-m") || request.args().contains("--more");
    boolean times = request.args().contains("-s") || request.args().contains("--statistics");
    List<String> words =
        withoutDatapath(request.args().stream().filter(word -> !word.startsWith("-")).toList());
    if (words.stream().anyMatch(word -> !word.startsWith("zone="))) {
      return failure("datapath not found");
    }
    try {
      Predicate<ConnectionSnapshot> isMeant = ConnectionFilter.parse(words);
      StringBuilder text = new StringBuilder();
      conntrack.visit(
          clock.nowNs() / MILLISECOND_NS,
          connection -> {
            if (isMeant.test(connection)) {
              text.append(ConnectionText.line(connection, more, times)).append('\n');
            }
          });
      return UnixctlReply.text(text.toString());
    } catch (FlowSyntaxException e) {
      return failure(e.getMessage());
    }
  }

  private UnixctlReply dumpExpected() {
    StringBuilder text = new StringBuilder();
    conntrack
        .expectationsNow()
        .forEach(expected -> text.append(ConnectionText.line(expected)).append('\n'));
    return UnixctlReply.text(text.toString());
  }

  private UnixctlReply flush(UnixctlRequest request) {
    try {
      conntrack.flush(ConnectionFilter.parse(withoutDatapath(request.args())));
      return UnixctlReply.NOTHING;
    } catch (FlowSyntaxException e) {
      return failure(e.getMessage());
    }
  }

  /** The arguments behind the datapath's name, which may be left out as there is only one. */
  private static List<String> withoutDatapath(List<String> arguments) {
    boolean named = !arguments.isEmpty() && arguments.getFirst().equals(DATAPATH);
    return named ? arguments.subList(1, arguments.size()) : arguments;
  }

  private static UnixctlReply failure(String why) {
    return UnixctlReply.error("ovs-vswitchd: " + why + " (Invalid argument)\n");
  }
}
