package org.sluice.openflow.text;

import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.text.Colors.Ink;

/** Writes flows as {@code ovs-ofctl dump-flows} does. */
public final class FlowFormatter {
  private FlowFormatter() {}

  /** A line without the leading space; {@code statistics}: with counters and ages. */
  public static String format(FlowStats flow, Names names, boolean statistics) {
    Line out = new Line(names.painter());
    if (statistics || flow.cookie() != 0) {
      out.add("cookie=", "0x" + Long.toHexString(flow.cookie()));
    }
    if (statistics) {
      out.add("duration=", duration(flow.ages().durationNs()) + "s");
    }
    if (statistics || flow.table() != 0 || names.hasTableName(flow.table())) {
      out.add(Ink.SPECIAL, "table=", names.tableText(flow.table()));
    }
    if (statistics) {
      out.addCount("n_packets=", flow.counts().packets());
      out.addCount("n_bytes=", flow.counts().bytes());
    }
    out.addIfSet("idle_timeout=", flow.timeouts().idleS());
    out.addIfSet("hard_timeout=", flow.timeouts().hardS());
    out.text.append(flags(flow.flags()));
    out.addIfSet("importance=", flow.importance());
    if (statistics) {
      addAges(out, flow.ages());
    }
    String match = MatchFormatter.format(flow.match(), flow.priority(), names);
    return out.text
        .append(match)
        .append(match.isEmpty() ? "" : " ")
        .append(names.painter().paint(Ink.ACTIONS, "actions="))
        .append(new ActionFormatter(names).format(flow.actions()))
        .toString();
  }

  /** What a line begins with. */
  private record Line(StringBuilder text, Painter painter) {
    Line(Painter painter) {
      this(new StringBuilder(), painter);
    }

    void add(Ink ink, String name, String value) {
      text.append(painter.paint(ink, name)).append(value).append(", ");
    }

    void add(String name, String value) {
      add(Ink.PARAMETER, name, value);
    }

    void addCount(String name, long count) {
      if (count != -1) {
        add(name, Long.toUnsignedString(count));
      }
    }

    void addIfSet(String name, int value) {
      if (value != 0) {
        add(name, Integer.toString(value));
      }
    }
  }

  private static void addAges(Line out, FlowStats.Ages ages) {
    if (ages.idleS() >= 0) {
      out.add("idle_age=", Integer.toString(ages.idleS()));
    }
    if (ages.hardS() >= 0 && ages.hardS() != ages.durationNs() / 1_000_000_000) {
      out.add("hard_age=", Integer.toString(ages.hardS()));
    }
  }

  /** The names of flow flags, a space after each. */
  public static String flags(int flags) {
    StringBuilder out = new StringBuilder();
    addFlag(out, flags, FlowMod.SEND_FLOW_REMOVED, "send_flow_rem ");
    addFlag(out, flags, FlowMod.CHECK_OVERLAP, "check_overlap ");
    addFlag(out, flags, FlowMod.RESET_COUNTS, "reset_counts ");
    addFlag(out, flags, FlowMod.NO_PACKET_COUNTS, "no_packet_counts ");
    addFlag(out, flags, FlowMod.NO_BYTE_COUNTS, "no_byte_counts ");
    return out.toString();
  }

  private static void addFlag(StringBuilder out, int flags, int flag, String name) {
    if ((flags & flag) != 0) {
      out.append(name);
    }
  }

  /** Seconds; with three digits after the point where milliseconds say it, else nine at most. */
  public static String duration(long durationNs) {
    long seconds = durationNs / 1_000_000_000;
    long rest = durationNs % 1_000_000_000;
    if (rest == 0) {
      return Long.toString(seconds);
    }
    return rest % 1_000_000 == 0
        ? "%d.%03d".formatted(seconds, rest / 1_000_000)
        : "%d.%09d".formatted(seconds, rest).replaceAll("0+$", "");
  }
}
