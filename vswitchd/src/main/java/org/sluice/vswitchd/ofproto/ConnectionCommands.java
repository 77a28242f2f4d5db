package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.sluice.base.clock.Clock;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.conntrack.ConnectionTuple;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.AddressText;
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
    commands.register("dpctl/dump-conntrack-exp", "[dp]", 0, 2, _ -> dumpExpected());
    commands.register(
        "dpctl/flush-conntrack",
        "[dp] [zone=N] [mark=X[/M]] [ct-origin-tuple [ct-reply-tuple]]",
        0,
        6,
        this::flush);
    commands.register("dpctl/ct-get-nconns", "[dp]", 0, 1, _ -> count(conntrack.limits().count()));
    commands.register(
        "dpctl/ct-get-maxconns", "[dp]", 0, 1, _ -> count(conntrack.limits().maxConnections()));
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

  private static UnixctlReply count(int number) {
    return UnixctlReply.text(number + "\n");
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
      if (limit >= 0) {
        conntrack.limits().setMaxConnections(limit);
        return UnixctlReply.text("setting maxconns successful\n");
      }
    } catch (NumberFormatException e) {
      return UnixctlReply.error("maxconns missing or malformed");
    }
    return UnixctlReply.error("maxconns missing or malformed");
  }

  private UnixctlReply dump(UnixctlRequest request) {
    boolean more = request.args().contains("-m") || request.args().contains("--more");
    boolean times = request.args().contains("-s") || request.args().contains("--statistics");
    List<String> filters =
        request.args().stream().filter(argument -> !argument.startsWith("-")).toList();
    try {
      Predicate<ConnectionSnapshot> isMeant = filter(filters);
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
      return UnixctlReply.error(e.getMessage());
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
      conntrack.flush(filter(request.args()));
      return UnixctlReply.NOTHING;
    } catch (FlowSyntaxException e) {
      return UnixctlReply.error("ovs-vswitchd: failed to parse flush filter: " + e.getMessage());
    }
  }

  /** Connections that agree with all of {@code arguments}; a datapath's name says nothing. */
  private static Predicate<ConnectionSnapshot> filter(List<String> arguments)
      throws FlowSyntaxException {
    List<Predicate<ConnectionSnapshot>> all = new ArrayList<>();
    boolean original = true;
    for (String argument : arguments) {
      if (argument.startsWith("zone=")) {
        long zone = number(argument.substring("zone=".length()), 0xffff);
        all.add(connection -> connection.zone() == zone);
      } else if (argument.startsWith("mark=")) {
        all.add(markFilter(argument.substring("mark=".length())));
      } else if (argument.startsWith("ct_")) {
        all.add(tupleFilter(argument, original));
        original = false;
      } else if (argument.contains("=")) {
        throw new FlowSyntaxException(argument + ": unknown filter");
      }
    }
    return connection -> all.stream().allMatch(each -> each.test(connection));
  }

  private static Predicate<ConnectionSnapshot> markFilter(String text) throws FlowSyntaxException {
    int slash = text.indexOf('/');
    long mask = slash < 0 ? 0xffff_ffffL : number(text.substring(slash + 1), 0xffff_ffffL);
    long mark = number(slash < 0 ? text : text.substring(0, slash), 0xffff_ffffL);
    return connection -> ((connection.mark() ^ mark) & mask) == 0;
  }

  /** {@code ct_nw_src=..,ct_nw_dst=..,ct_nw_proto=..,ct_tp_src=..}, in any order. */
  private static Predicate<ConnectionSnapshot> tupleFilter(String text, boolean original)
      throws FlowSyntaxException {
    Predicate<ConnectionTuple> matches = tuple -> true;
    for (String part : List.of(text.split(",", -1))) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new FlowSyntaxException(part + ": expected field=value");
      }
      String value = part.substring(equals + 1);
      matches = matches.and(fieldFilter(part.substring(0, equals), value));
    }
    Predicate<ConnectionTuple> all = matches;
    return connection -> all.test(original ? connection.original() : connection.reply());
  }

  private static Predicate<ConnectionTuple> fieldFilter(String field, String value)
      throws FlowSyntaxException {
    return switch (field) {
      case "ct_nw_proto" -> protocolFilter(number(value, 0xff));
      case "ct_tp_src" -> sourcePortFilter(number(value, 0xffff));
      case "ct_tp_dst" -> destinationPortFilter(number(value, 0xffff));
      case "ct_nw_src" -> sourceFilter(false, 0, AddressText.parseIpv4(value) & 0xffff_ffffL);
      case "ct_nw_dst" -> targetFilter(false, 0, AddressText.parseIpv4(value) & 0xffff_ffffL);
      case "ct_ipv6_src" -> {
        long[] address = AddressText.parseIpv6(value);
        yield sourceFilter(true, address[0], address[1]);
      }
      case "ct_ipv6_dst" -> {
        long[] address = AddressText.parseIpv6(value);
        yield targetFilter(true, address[0], address[1]);
      }
      default -> throw new FlowSyntaxException(field + ": unknown field");
    };
  }

  private static Predicate<ConnectionTuple> protocolFilter(long protocol) {
    return tuple -> tuple.protocol() == protocol;
  }

  private static Predicate<ConnectionTuple> sourcePortFilter(long port) {
    return tuple -> tuple.sourcePort() == port;
  }

  private static Predicate<ConnectionTuple> destinationPortFilter(long port) {
    return tuple -> tuple.destinationPort() == port;
  }

  private static Predicate<ConnectionTuple> sourceFilter(boolean ipv6, long high, long low) {
    return tuple -> tuple.ipv6() == ipv6 && tuple.sourceHigh() == high && tuple.sourceLow() == low;
  }

  private static Predicate<ConnectionTuple> targetFilter(boolean ipv6, long high, long low) {
    return tuple ->
        tuple.ipv6() == ipv6 && tuple.destinationHigh() == high && tuple.destinationLow() == low;
  }

  private static long number(String text, long max) throws FlowSyntaxException {
    try {
      long value = Long.decode(text);
      if (value >= 0 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new FlowSyntaxException(text + ": not a number");
    }
    throw new FlowSyntaxException(text + ": not in 0.." + max);
  }
}
