package org.sluice.openflow.print;

import java.util.List;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.PacketIn;

/** Asynchronous configuration: which reasons of which events, for two kinds of roles. */
final class AsyncPrinter {
  private static final List<String> PORT = List.of("add", "delete", "modify");
  private static final List<String> ROLE =
      List.of("primary_request", "configuration_changed", "experimenter_data_changed");
  private static final List<String> FORWARD = List.of("group_mod_request", "meter_mod_request");

  private AsyncPrinter() {}

  static void add(StringBuilder out, AsyncConfig.Message message) {
    switch (message) {
      case AsyncConfig.Get get -> {}
      case AsyncConfig.Reply(AsyncConfig config) -> add(out, config);
      case AsyncConfig.SetAll set -> add(out, set.config());
      case AsyncConfig.SetSome set -> add(out, AsyncConfig.none().with(set.changes()));
    }
  }

  private static void add(StringBuilder out, AsyncConfig config) {
    for (boolean secondary : new boolean[] {false, true}) {
      out.append("\n ").append(secondary ? "secondary" : "primary").append(":\n");
      for (AsyncConfig.Kind kind : AsyncConfig.Kind.values()) {
        out.append("%16s:".formatted(kind));
        int mask = config.mask(kind, secondary);
        for (int reason = 0; reason < Integer.SIZE; reason++) {
          String text = (mask >>> reason & 1) == 0 ? "" : reason(kind, reason);
          out.append(text.isEmpty() ? "" : " ").append(text);
        }
        out.append(mask == 0 ? " (off)\n" : "\n");
      }
    }
  }

  private static String reason(AsyncConfig.Kind kind, int reason) {
    return switch (kind) {
      case PACKET_IN -> packetIn(reason);
      case PORT_STATUS -> name(PORT, reason);
      case FLOW_REMOVED -> FlowPrinter.removedReason(reason);
      case ROLE_STATUS -> name(ROLE, reason);
      case TABLE_STATUS ->
          reason == 3 ? "vacancy_down" : reason == 4 ? "vacancy_up" : Integer.toString(reason);
      case REQUESTFORWARD -> name(FORWARD, reason);
    };
  }

  private static String packetIn(int reason) {
    PacketIn.Reason known = PacketIn.Reason.ofNumber(reason);
    boolean miss = known == PacketIn.Reason.EXPLICIT_MISS || known == PacketIn.Reason.IMPLICIT_MISS;
    return miss ? "" : known == null ? Integer.toString(reason) : known.text();
  }

  private static String name(List<String> names, int reason) {
    return reason < names.size() ? names.get(reason) : Integer.toString(reason);
  }
}
