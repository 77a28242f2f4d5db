package org.sluice.openflow.print;

import java.util.StringJoiner;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.text.ActionType;
import org.sluice.openflow.text.FlowFormatter;
import org.sluice.openflow.text.GroupFormatter;
import org.sluice.openflow.text.Names;

/** Groups. */
final class GroupPrinter {
  private static final String[] TYPES = {"all", "select", "indirect", "fast failover"};

  private final Names names;
  private final OfVersion version;
  private final StringBuilder out;

  GroupPrinter(Names names, OfVersion version, StringBuilder out) {
    this.names = names;
    this.version = version;
    this.out = out;
  }

  void add(GroupMod mod) {
    out.append("\n ").append(new GroupFormatter(names, version).format(mod));
  }

  void add(GroupMod.Description group) {
    out.append("\n ").append(new GroupFormatter(names, version).format(group));
  }

  void addId(int group) {
    out.append(" group_id=");
    out.append(
        switch (group) {
          case GroupMod.ALL -> "ALL";
          case GroupMod.ANY -> "ANY";
          default -> Integer.toUnsignedString(group);
        });
  }

  void add(Multipart.GroupStats stats) {
    out.append("\n group_id=").append(Integer.toUnsignedString(stats.group())).append(',');
    if (stats.durationNs() >= 0) {
      out.append("duration=").append(FlowFormatter.duration(stats.durationNs())).append("s,");
    }
    out.append("ref_count=").append(Integer.toUnsignedString(stats.referenceCount())).append(',');
    addCounts(stats.counts());
    int index = 0;
    for (FlowRemoved.Counts bucket : stats.buckets()) {
      if (bucket.packets() != -1) {
        out.append(",bucket").append(index).append(':');
        addCounts(bucket);
      }
      index++;
    }
  }

  private void addCounts(FlowRemoved.Counts counts) {
    out.append("packet_count=").append(Long.toUnsignedString(counts.packets()));
    out.append(",byte_count=").append(Long.toUnsignedString(counts.bytes()));
  }

  void add(Multipart.GroupFeaturesReply features) {
    out.append("\n Group table:\n    Types:  0x").append(Integer.toHexString(features.types()));
    out.append("\n    Capabilities:  0x").append(Integer.toHexString(features.capabilities()));
    out.append('\n');
    for (int type = 0; type < TYPES.length; type++) {
      if ((features.types() >>> type & 1) != 0) {
        String actions = ActionType.names(features.actions().get(type), version);
        StringJoiner lines = new StringJoiner("\n       ", "", "\n");
        lines.add("    " + TYPES[type] + " group:");
        lines.add("max_groups=" + SwitchPrinter.sharpHex(features.maxGroups().get(type)));
        lines.add("actions: " + (actions.isEmpty() ? "<none>" : actions));
        out.append(lines);
      }
    }
  }
}
