package org.sluice.openflow.print;

import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.FlowFormatter;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;

/** Flow mods, requests for flows and what says that one is gone. */
final class FlowPrinter {
  private final Names names;
  private final StringBuilder out;

  FlowPrinter(Names names, StringBuilder out) {
    this.names = names;
    this.out = out;
  }

  /**
   * A flow mod.
   *
   * @param sent the match as it was sent, to be shown instead; null for none
   */
  void add(FlowMod mod, OfVersion version, String sent) {
    String command =
        switch (mod.command()) {
          case ADD -> " ADD";
          case MODIFY -> " MOD";
          case MODIFY_STRICT -> " MOD_STRICT";
          case DELETE -> " DEL";
          case DELETE_STRICT -> " DEL_STRICT";
        };
    out.append(command);
    if (mod.table() != 0 || names.hasTableName(mod.table())) {
      out.append(" table:").append(names.tableText(mod.table()));
    }
    out.append(' ');
    out.append(sent == null ? MatchFormatter.format(mod.match(), mod.priority(), names) : sent);
    if (out.charAt(out.length() - 1) != ' ') {
      out.append(' ');
    }
    addAttributes(mod, sent != null);
    boolean resets = version.isAtLeast(OfVersion.OF12);
    out.append(FlowFormatter.flags(resets ? mod.flags() : mod.flags() & ~FlowMod.RESET_COUNTS));
    out.append("actions=").append(new ActionFormatter(names).format(mod.actions()));
  }

  private void addAttributes(FlowMod mod, boolean withPriority) {
    FlowMod.Cookie cookie = mod.cookie();
    if (cookie.value() != 0 && cookie.value() != -1L) {
      out.append("cookie:0x").append(Long.toHexString(cookie.value())).append(' ');
    }
    if (cookie.mask() != 0) {
      out.append("cookie:0x").append(Long.toHexString(cookie.match()));
      out.append("/0x").append(Long.toHexString(cookie.mask())).append(' ');
    }
    addNumber("idle:", mod.timeouts().idleS());
    addNumber("hard:", mod.timeouts().hardS());
    addNumber("importance:", mod.importance());
    if (withPriority && mod.priority() != FlowMod.DEFAULT_PRIORITY) {
      out.append("pri:").append(mod.priority()).append(' ');
    }
    if (mod.bufferId() != FlowMod.NO_BUFFER) {
      out.append("buf:0x").append(Integer.toHexString(mod.bufferId())).append(' ');
    }
    if (mod.filter().outPort() != OfPort.ANY) {
      out.append("out_port:").append(names.portText(mod.filter().outPort())).append(' ');
    }
  }

  private void addNumber(String name, int value) {
    if (value != 0) {
      out.append(name).append(value).append(' ');
    }
  }

  void add(Multipart.FlowQuery query) {
    if (query.table() != FlowMod.ANY_TABLE) {
      out.append(" table=").append(names.tableText(query.table()));
    }
    if (query.filter().outPort() != OfPort.ANY) {
      out.append(" out_port=").append(names.portText(query.filter().outPort()));
    }
    out.append(' ').append(MatchFormatter.format(query.match(), names));
  }

  /** Why a rule went, as {@code idle}; what is not known as its number. */
  static String removedReason(int reason) {
    FlowRemoved.Reason known = FlowRemoved.Reason.ofWire(reason);
    if (known == null) {
      return Integer.toString(reason);
    }
    return switch (known) {
      case IDLE_TIMEOUT -> "idle";
      case HARD_TIMEOUT -> "hard";
      case DELETE -> "delete";
      case GROUP_DELETE -> "group_delete";
      case METER_DELETE -> "meter_delete";
      case EVICTION -> "eviction";
    };
  }

  void add(FlowRemoved removed) {
    out.append(' ').append(MatchFormatter.format(removed.match(), removed.priority(), names));
    out.append(" reason=").append(removedReason(removed.reason().wire()));
    if (removed.table() != FlowMod.ANY_TABLE) {
      out.append(" table_id=").append(names.tableText(removed.table()));
    }
    if (removed.cookie() != 0) {
      out.append(" cookie:0x").append(Long.toHexString(removed.cookie()));
    }
    out.append(" duration").append(FlowFormatter.duration(removed.durationNs())).append('s');
    out.append(" idle").append(removed.timeouts().idleS());
    if (removed.timeouts().hardS() != 0) {
      out.append(" hard").append(removed.timeouts().hardS());
    }
    out.append(" pkts").append(Long.toUnsignedString(removed.counts().packets()));
    out.append(" bytes").append(Long.toUnsignedString(removed.counts().bytes())).append('\n');
  }
}
