package org.sluice.openflow.text;

import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowStats;

/** Writes flows as {@code ovs-ofctl dump-flows} does. */
public final class FlowFormatter {
  private FlowFormatter() {}

  /** A line without the leading space; {@code statistics}: with counters and ages. */
  public static String format(FlowStats flow, Names names, boolean statistics) {
    StringBuilder out = new StringBuilder();
    if (statistics || flow.cookie() != 0) {
      out.append("cookie=0x").append(Long.toHexString(flow.cookie())).append(", ");
    }
    if (statistics) {
      out.append("duration=").append(duration(flow.ages().durationNs())).append("s, ");
    }
    if (statistics || flow.table() != 0 || names.hasTableName(flow.table())) {
      out.append("table=").append(names.tableText(flow.table())).append(", ");
    }
    if (statistics) {
      addCount(out, "n_packets", flow.counts().packets());
      addCount(out, "n_bytes", flow.counts().bytes());
    }
    addAttributes(out, flow);
    if (statistics) {
      addAges(out, flow.ages());
    }
    String match = MatchFormatter.format(flow.match(), flow.priority(), names);
    out.append(match).append(match.isEmpty() ? "" : " ");
    return out.append("actions=")
        .append(new ActionFormatter(names).format(flow.actions()))
        .toString();
  }

  private static void addCount(StringBuilder out, String name, long count) {
    if (count != -1) {
      out.append(name).append('=').append(Long.toUnsignedString(count)).append(", ");
    }
  }

  private static void addAttributes(StringBuilder out, FlowStats flow) {
    if (flow.timeouts().idleS() != 0) {
      out.append("idle_timeout=").append(flow.timeouts().idleS()).append(", ");
    }
    if (flow.timeouts().hardS() != 0) {
      out.append("hard_timeout=").append(flow.timeouts().hardS()).append(", ");
    }
    out.append(flags(flow.flags()));
    if (flow.importance() != 0) {
      out.append("importance=").append(flow.importance()).append(", ");
    }
  }

  private static void addAges(StringBuilder out, FlowStats.Ages ages) {
    if (ages.idleS() >= 0) {
      out.append("idle_age=").append(ages.idleS()).append(", ");
    }
    if (ages.hardS() >= 0 && ages.hardS() != ages.durationNs() / 1_000_000_000) {
      out.append("hard_age=").append(ages.hardS()).append(", ");
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
