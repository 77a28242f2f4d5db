package org.sluice.openflow.codec;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.ActionCheck;
import org.sluice.openflow.match.MatchNormal;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMod.Command;
import org.sluice.openflow.message.FlowMod.Cookie;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Flow mods, in their three forms. */
final class FlowCodec {
  private static final int EMERGENCY = 4;
  private static final long NO_COOKIE = -1L;

  private FlowCodec() {}

  static WireWriter writeFlowMod(Frames frames, FlowMod mod, Dialect dialect) {
    WireWriter out;
    if (!frames.is10()) {
      out = writeFlowMod11(frames, mod);
    } else if (dialect.nxm()) {
      out = frames.start(MessageForm.NXT_FLOW_MOD).u64(cookie10(mod));
      writeAttributes10(out, mod, dialect);
      int at = out.size();
      out.u16(0).zeros(6);
      Cookie cookie = mod.cookie();
      out.setU16(at, MatchCodec.writeNxm(out, mod.match(), cookie.match(), cookie.mask()));
    } else {
      out = frames.start(MessageForm.OFPT10_FLOW_MOD);
      FixedMatch10.write(out, mod.match());
      out.u64(cookie10(mod));
      writeAttributes10(out, mod, dialect);
    }
    new ActionWriter(out, frames.version(), mod.match()).writeInstructions(mod.actions());
    return out;
  }

  /**
   * A modification of flows with some cookie leaves it alone, and says so by a cookie of all ones.
   * One of any flows may also add a flow, which all ones would forbid: it sets their cookies.
   */
  private static long cookie10(FlowMod mod) {
    boolean modifies = mod.command() == Command.MODIFY || mod.command() == Command.MODIFY_STRICT;
    FlowMod.Cookie cookie = mod.cookie();
    return modifies && !cookie.modify() && cookie.mask() != 0 ? -1L : cookie.value();
  }

  private static void writeAttributes10(WireWriter out, FlowMod mod, Dialect dialect) {
    int command = mod.command().wire();
    out.u16(dialect.tableId() ? mod.table() << 8 | command : command);
    out.u16(mod.timeouts().idleS()).u16(mod.timeouts().hardS()).u16(mod.priority());
    out.u32(mod.bufferId()).u16(mod.filter().outPort());
    out.u16(wireFlags(mod.flags(), OfVersion.OF10));
  }

  private static WireWriter writeFlowMod11(Frames frames, FlowMod mod) {
    OfVersion version = frames.version();
    Cookie cookie = mod.cookie();
    boolean modifies = mod.command() == Command.MODIFY || mod.command() == Command.MODIFY_STRICT;
    boolean setsCookie =
        mod.command() == Command.ADD
            || (version == OfVersion.OF11 && modifies && cookie.mask() == 0);
    WireWriter out = frames.start(MessageForm.OFPT11_FLOW_MOD);
    out.u64(setsCookie ? cookie.value() : cookie.match() & cookie.mask()).u64(cookie.mask());
    boolean anyTable = version != OfVersion.OF11 && mod.command().isDelete();
    out.u8(mod.table() == FlowMod.ANY_TABLE && !anyTable ? 0 : mod.table());
    out.u8(mod.command().wire());
    out.u16(mod.timeouts().idleS()).u16(mod.timeouts().hardS()).u16(mod.priority());
    out.u32(mod.bufferId()).u32(OfPort.toWire(mod.filter().outPort()));
    out.u32(mod.filter().outGroup()).u16(wireFlags(mod.flags(), version));
    boolean important = version.isAtLeast(OfVersion.OF14) && mod.command() == Command.ADD;
    out.u16(important ? mod.importance() : 0);
    MatchCodec.write(out, mod.match(), version);
    return out;
  }

  /** Flow flags that {@code version} has. */
  static int wireFlags(int flags, OfVersion version) {
    return flags & knownFlags(version);
  }

  private static int knownFlags(OfVersion version) {
    int known = FlowMod.SEND_FLOW_REMOVED | FlowMod.CHECK_OVERLAP;
    if (version.isAtLeast(OfVersion.OF12)) {
      known |= FlowMod.RESET_COUNTS;
    }
    if (version.isAtLeast(OfVersion.OF13)) {
      known |= FlowMod.NO_PACKET_COUNTS | FlowMod.NO_BYTE_COUNTS;
    }
    return known;
  }

  static FlowMod readFlowMod10(WireReader in, Dialect dialect) {
    int start = in.position();
    boolean exact = (in.peekU16(0) << 16 | in.peekU16(2)) << 10 == 0;
    Match match = FixedMatch10.read(in);
    assert in.position() == start + FixedMatch10.BYTES;
    long cookie = in.u64();
    Attributes attributes = Attributes.read10(in);
    if (exact) {
      attributes = attributes.withHighestPriority();
    }
    Match normal = MatchNormal.of(match);
    if (!normal.equals(match)) {
      in.note(new Note.Normalized(match, normal));
    }
    MatchCodec.Result result = new MatchCodec.Result(normal, 0, 0);
    return build10(in, cookie, attributes, result, dialect);
  }

  static FlowMod readFlowModNxm(WireReader in, Dialect dialect) {
    long cookie = in.u64();
    Attributes attributes = Attributes.read10(in);
    int length = in.u16();
    in.skip(6);
    MatchCodec.Result match = MatchCodec.readNxm(in, length, MatchCodec.Rules.WITH_COOKIE);
    if ((attributes.command() & 0xff) == Command.ADD.wire() && match.cookieMask() != 0) {
      throw in.bad(OfError.NXBRC_NXM_INVALID);
    }
    return build10(in, cookie, attributes, match, dialect);
  }

  /** What all forms have, both of 1.0 in the same order. */
  private record Attributes(
      int command, Timeouts timeouts, int priority, int bufferId, int outPort, int flags) {
    static Attributes read10(WireReader in) {
      int command = in.u16();
      Timeouts timeouts = new Timeouts(in.u16(), in.u16());
      return new Attributes(command, timeouts, in.u16(), in.u32(), in.u16(), in.u16());
    }

    Attributes withHighestPriority() {
      return new Attributes(command, timeouts, 0xffff, bufferId, outPort, flags);
    }
  }

  private static FlowMod build10(
      WireReader in, long cookie, Attributes attributes, MatchCodec.Result match, Dialect dialect) {
    int wireCommand = dialect.tableId() ? attributes.command() & 0xff : attributes.command();
    Command command = command(in, wireCommand);
    int table = dialect.tableId() ? attributes.command() >>> 8 : FlowMod.ANY_TABLE;
    boolean modify = cookie != NO_COOKIE;
    return begin(in, attributes, command, table, match.match(), dialect.version())
        .cookie(new Cookie(match.cookie(), match.cookieMask(), cookie, modify))
        .filter(new FlowMod.Filter(attributes.outPort(), FlowMod.Filter.ANY_GROUP))
        .build();
  }

  /** What all forms say in the same way; reads the actions, and checks them and the flags. */
  private static FlowMod.Builder begin(
      WireReader in,
      Attributes attributes,
      Command command,
      int table,
      Match match,
      OfVersion version) {
    List<OfAction> actions = KnownInstructions.read(in, version);
    check(in, match, table, actions, version);
    return FlowMod.builder()
        .command(command)
        .table(table)
        .priority(attributes.priority())
        .match(match)
        .timeouts(attributes.timeouts())
        .bufferId(attributes.bufferId())
        .flags(flags(in, attributes, command, version))
        .actions(actions);
  }

  private static void check(
      WireReader in, Match match, int table, List<OfAction> actions, OfVersion version) {
    ActionCheck.Verdict verdict = ActionCheck.judge(match, table, actions);
    if (verdict.note() != null) {
      in.note(verdict.note());
    }
    if (verdict.error() != null) {
      throw in.bad(verdict.error());
    }
    if (verdict.inconsistent() && version != OfVersion.OF10) {
      throw in.bad(OfError.OFPBAC_MATCH_INCONSISTENT);
    }
  }

  private static Command command(WireReader in, int wire) {
    Command command = Command.ofWire(wire);
    if (command == null) {
      throw in.bad(OfError.OFPFMFC_BAD_COMMAND);
    }
    return command;
  }

  private static int flags(
      WireReader in, Attributes attributes, Command command, OfVersion version) {
    if (version == OfVersion.OF10 && (attributes.flags() & EMERGENCY) != 0) {
      boolean timed = attributes.timeouts().idleS() != 0 || attributes.timeouts().hardS() != 0;
      throw in.bad(timed ? OfError.OFPFMFC_BAD_EMERG_TIMEOUT : OfError.OFPFMFC_TABLE_FULL);
    }
    if ((attributes.flags() & ~knownFlags(version)) != 0) {
      throw in.bad(OfError.OFPFMFC_BAD_FLAGS);
    }
    boolean resets = version.isBefore(OfVersion.OF12) && command == Command.ADD;
    return attributes.flags() | (resets ? FlowMod.RESET_COUNTS : 0);
  }

  static FlowMod readFlowMod11(WireReader in, OfVersion version) {
    long cookie = in.u64();
    long cookieMask = in.u64();
    int table = in.u8();
    int wireCommand = in.u8();
    Timeouts timeouts = new Timeouts(in.u16(), in.u16());
    int priority = in.u16();
    int bufferId = in.u32();
    int outPort = in.port(in.u32());
    int outGroup = in.u32();
    int flags = in.u16();
    int importance = in.u16();
    Match match = MatchCodec.read(in);
    Command command = command(in, wireCommand);
    if (table == FlowMod.ANY_TABLE && (version == OfVersion.OF11 || !command.isDelete())) {
      throw in.bad(OfError.OFPFMFC_BAD_TABLE_ID);
    }
    if (outPort < 0) {
      throw in.bad(OfError.OFPBAC_BAD_OUT_PORT);
    }
    Attributes attributes =
        new Attributes(wireCommand, timeouts, priority, bufferId, outPort, flags);
    int group = command.isDelete() ? outGroup : FlowMod.Filter.ANY_GROUP;
    boolean important = version.isAtLeast(OfVersion.OF14) && command == Command.ADD;
    return begin(in, attributes, command, table, match, version)
        .cookie(cookie11(version, command, cookie, cookieMask))
        .filter(new FlowMod.Filter(outPort, group))
        .importance(important ? importance : 0)
        .build();
  }

  private static Cookie cookie11(OfVersion version, Command command, long cookie, long mask) {
    boolean addsIfMissing = version == OfVersion.OF11 && !command.isDelete() && mask == 0;
    return command == Command.ADD || addsIfMissing
        ? Cookie.ofNew(cookie)
        : new Cookie(cookie, mask, NO_COOKIE, false);
  }
}
