package org.sluice.openflow.codec;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod.Filter;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowMonitor.Command;
import org.sluice.openflow.message.FlowMonitor.Event;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/**
 * Flow monitors: the Nicira form up to 1.2, ONF's for 1.3, which differs from it in match and
 * instructions, and the standard one from 1.4 on.
 */
final class MonitorCodec {
  private static final int NX_OWN = 1 << 5;
  private static final int ABBREVIATED_NX = 3;
  private static final int ABBREVIATED = 4;
  private static final int PAUSED = 5;
  private static final int RESUMED = 6;
  private static final int SHORT_BYTES = 8;
  private static final int RULE_BYTES = 24;
  private static final int EVENTS = FlowMonitor.ADD | FlowMonitor.REMOVED | FlowMonitor.MODIFY;
  private static final int FLAGS =
      EVENTS | FlowMonitor.INITIAL | FlowMonitor.INSTRUCTIONS | FlowMonitor.ONLY_OWN;

  private final OfVersion version;

  MonitorCodec(OfVersion version) {
    this.version = version;
  }

  private boolean isStandard() {
    return version.isAtLeast(OfVersion.OF14);
  }

  // Requests.

  void writeRequest(WireWriter out, FlowMonitor monitor) {
    int port = monitor.filter().outPort();
    if (isStandard()) {
      out.u32(monitor.id()).u32(OfPort.toWire(port)).u32(monitor.filter().outGroup());
      out.u16(monitor.flags()).u8(monitor.table()).u8(monitor.command().wire());
      MatchCodec.writeOxm(out, monitor.match(), version);
      return;
    }
    out.u32(monitor.id()).u16(toNicira(monitor.flags()));
    int at = out.size();
    if (version == OfVersion.OF13) {
      out.u16(0).u32(OfPort.toWire(port)).u8(monitor.table()).zeros(3);
      out.setU16(at, MatchCodec.writeOxm(out, monitor.match(), version));
    } else {
      out.u16(port).u16(0).u8(monitor.table()).zeros(5);
      out.setU16(at + 2, MatchCodec.writeNxm(out, monitor.match(), 0, 0));
    }
  }

  private static int toNicira(int flags) {
    int common = flags & (EVENTS | FlowMonitor.INITIAL | FlowMonitor.INSTRUCTIONS);
    return common | ((flags & FlowMonitor.ONLY_OWN) != 0 ? NX_OWN : 0);
  }

  private static int fromNicira(WireReader in, int flags) {
    if ((flags & EVENTS) == 0 || (flags & ~toNicira(FLAGS)) != 0) {
      throw in.bad(OfError.OFPMOFC_BAD_FLAGS);
    }
    int common = flags & ~NX_OWN;
    return common | ((flags & NX_OWN) != 0 ? FlowMonitor.ONLY_OWN : 0);
  }

  FlowMonitor readRequest(WireReader in) {
    return isStandard() ? readStandard(in) : readNicira(in);
  }

  private FlowMonitor readNicira(WireReader in) {
    WireReader head = in.sub(16, OfError.OFPBRC_BAD_LEN);
    boolean onf = version == OfVersion.OF13;
    int id = head.u32();
    int flags = fromNicira(in, head.u16());
    int nxPort = onf ? 0 : head.u16();
    int length = head.u16();
    int onfPort = onf ? head.u32() : 0;
    int table = head.u8();
    head.zeroRest(OfError.NXBRC_MUST_BE_ZERO);
    Filter filter = filter(onf ? PortCodec.port(in, onfPort) : nxPort, Filter.ANY_GROUP);
    Match match =
        onf ? MatchCodec.read(in) : MatchCodec.readNxm(in, length, MatchCodec.Rules.STRICT).match();
    return new FlowMonitor(id, Command.ADD, flags, filter, table, match);
  }

  private static Filter filter(int port, int group) {
    return new Filter(port, group);
  }

  private FlowMonitor readStandard(WireReader in) {
    WireReader head = in.sub(16, OfError.OFPBRC_BAD_LEN);
    int id = head.u32();
    int port = head.u32();
    int group = head.u32();
    int flags = head.u16();
    int table = head.u8();
    Command command = Command.ofWire(head.u8());
    if (command == Command.DELETE) {
      return new FlowMonitor(id, command, 0, Filter.NONE, table, MatchCodec.read(in));
    }
    if ((flags & EVENTS) == 0 || (flags & ~FLAGS) != 0) {
      throw in.bad(OfError.OFPMOFC_BAD_FLAGS);
    }
    if (command == null) {
      throw in.bad(OfError.OFPMOFC_BAD_COMMAND);
    }
    Filter filter = filter(PortCodec.port(in, port), group);
    return new FlowMonitor(id, command, flags, filter, table, MatchCodec.read(in));
  }

  // Updates.

  void writeUpdate(WireWriter out, FlowMonitor.Update update) {
    switch (update) {
      case FlowMonitor.Abbreviated(int xid) ->
          out.u16(SHORT_BYTES).u16(isStandard() ? ABBREVIATED : ABBREVIATED_NX).u32(xid);
      case FlowMonitor.Pause(boolean resumed) ->
          out.u16(SHORT_BYTES).u16(resumed ? RESUMED : PAUSED).zeros(4);
      case FlowMonitor.Rule rule -> {
        int start = out.size();
        if (isStandard()) {
          writeStandard(out, rule);
        } else {
          writeNicira(out, rule);
        }
        out.setU16(start, out.size() - start);
      }
    }
  }

  private void writeStandard(WireWriter out, FlowMonitor.Rule rule) {
    out.u16(0).u16(rule.event().wire()).u8(rule.table()).u8(rule.reason());
    out.u16(rule.timeouts().idleS()).u16(rule.timeouts().hardS()).u16(rule.priority());
    out.zeros(4).u64(rule.cookie());
    MatchCodec.writeOxm(out, rule.match(), version);
    new ActionWriter(out, version, rule.match()).writeInstructions(rule.actions());
  }

  private void writeNicira(WireWriter out, FlowMonitor.Rule rule) {
    out.u16(0).u16(Math.max(0, rule.event().wire() - 1)).u16(rule.reason()).u16(rule.priority());
    out.u16(rule.timeouts().idleS()).u16(rule.timeouts().hardS());
    int at = out.size();
    out.u16(0).u8(rule.table()).u8(0).u64(rule.cookie());
    boolean onf = version == OfVersion.OF13;
    out.setU16(
        at,
        onf
            ? MatchCodec.writeOxm(out, rule.match(), version)
            : MatchCodec.writeNxm(out, rule.match(), 0, 0));
    ActionWriter actions = new ActionWriter(out, version, rule.match());
    if (onf) {
      actions.writeInstructions(rule.actions());
    } else {
      actions.writeActions(rule.actions());
    }
  }

  FlowMonitor.Update readUpdate(WireReader list) {
    if (list.left() < 4) {
      throw list.bad(OfError.OFPBRC_BAD_LEN);
    }
    int length = list.peekU16(0);
    if (length > list.left() || length % 8 != 0) {
      throw list.bad(OfError.OFPBRC_BAD_LEN);
    }
    int event = list.peekU16(2);
    boolean brief = event >= (isStandard() ? ABBREVIATED : ABBREVIATED_NX);
    if (event > (isStandard() ? RESUMED : ABBREVIATED_NX)) {
      throw list.bad(OfError.NXBRC_FM_BAD_EVENT);
    }
    if (brief ? length != SHORT_BYTES : length < RULE_BYTES) {
      throw list.bad(OfError.OFPBRC_BAD_LEN);
    }
    WireReader body = list.sub(length, OfError.OFPBRC_BAD_LEN).skip(4);
    if (brief) {
      return event > ABBREVIATED
          ? new FlowMonitor.Pause(event == RESUMED)
          : new FlowMonitor.Abbreviated(body.u32());
    }
    return isStandard()
        ? readStandardRule(body, Event.values()[event])
        : readNiciraRule(body, Event.values()[event + 1]);
  }

  private FlowMonitor.Rule readStandardRule(WireReader body, Event event) {
    int table = body.u8();
    int reason = body.u8();
    Timeouts timeouts = new Timeouts(body.u16(), body.u16());
    int priority = body.u16();
    long cookie = body.skip(4).u64();
    Match match = MatchCodec.read(body);
    List<OfAction> actions = KnownInstructions.read(body, version);
    return new FlowMonitor.Rule(event, reason, table, priority, timeouts, cookie, match, actions);
  }

  private FlowMonitor.Rule readNiciraRule(WireReader body, Event event) {
    int reason = body.u16();
    int priority = body.u16();
    Timeouts timeouts = new Timeouts(body.u16(), body.u16());
    int length = body.u16();
    int table = body.u8();
    long cookie = body.skip(1).u64();
    if (length > body.left()) {
      throw body.bad(OfError.OFPBRC_BAD_LEN);
    }
    boolean onf = version == OfVersion.OF13;
    Match match =
        onf
            ? MatchCodec.read(body)
            : MatchCodec.readNxm(body, length, MatchCodec.Rules.STRICT).match();
    List<OfAction> actions =
        onf ? KnownInstructions.read(body, version) : new ActionReader(version).readAll(body);
    return new FlowMonitor.Rule(event, reason, table, priority, timeouts, cookie, match, actions);
  }
}
