package org.sluice.openflow.print;

import java.util.Map;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;

/** Flow monitors and what they tell. */
final class MonitorPrinter {
  private static final BitNames FLAGS =
      new BitNames(
          Map.of(
              0, "initial",
              1, "add",
              2, "delete",
              3, "modify",
              4, "actions",
              5, "no-abbrev",
              6, "own"));

  private final Names names;
  private final StringBuilder out;

  MonitorPrinter(Names names, StringBuilder out) {
    this.names = names;
    this.out = out;
  }

  static void add(StringBuilder out, FlowMonitor.Message message) {
    if (message instanceof FlowMonitor.Cancel(int id)) {
      out.append(" id=").append(Integer.toUnsignedString(id));
    }
  }

  void add(FlowMonitor monitor) {
    out.append("\n id=").append(Integer.toUnsignedString(monitor.id()));
    if (monitor.command() == FlowMonitor.Command.DELETE) {
      out.append(" command=delete");
      return;
    }
    out.append(" flags=").append(FLAGS.format(monitor.flags(), ","));
    if (monitor.filter().outPort() != OfPort.NONE) {
      out.append(" out_port=").append(names.portText(monitor.filter().outPort()));
    }
    int group = monitor.filter().outGroup();
    if (group != 0 && group != FlowMod.Filter.ANY_GROUP) {
      out.append(" out_group=").append(group);
    }
    if (monitor.table() != FlowMod.ANY_TABLE) {
      out.append(" table=").append(names.tableText(monitor.table()));
    }
    String match = MatchFormatter.format(monitor.match(), names);
    out.append(match.isEmpty() ? "" : " ").append(match);
  }

  void add(FlowMonitor.Update update) {
    out.append("\n event=");
    switch (update) {
      case FlowMonitor.Abbreviated(int xid) ->
          out.append("ABBREV xid=0x").append(Integer.toHexString(xid));
      case FlowMonitor.Pause(boolean resumed) -> out.append(resumed ? "RESUMED" : "PAUSED");
      case FlowMonitor.Rule rule -> add(rule);
    }
  }

  private void add(FlowMonitor.Rule rule) {
    String event =
        switch (rule.event()) {
          case INITIAL -> "INITIAL";
          case ADDED -> "ADDED";
          case REMOVED -> "DELETED reason=" + FlowPrinter.removedReason(rule.reason());
          case MODIFIED -> "MODIFIED";
        };
    out.append(event).append(" table=").append(names.tableText(rule.table()));
    if (rule.timeouts().idleS() != 0) {
      out.append(" idle_timeout=").append(rule.timeouts().idleS());
    }
    if (rule.timeouts().hardS() != 0) {
      out.append(" hard_timeout=").append(rule.timeouts().hardS());
    }
    long cookie = rule.cookie();
    out.append(" cookie=").append(cookie == 0 ? "0" : "0x" + Long.toHexString(cookie));
    String match = MatchFormatter.format(rule.match(), names);
    out.append(' ').append(match);
    if (!rule.actions().isEmpty()) {
      out.append(match.isEmpty() ? "" : " ").append("actions=");
      out.append(new ActionFormatter(names).format(rule.actions()));
    }
  }
}
