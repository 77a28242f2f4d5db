package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Match;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Flow-removed messages, in their four forms. */
final class FlowRemovedCodec {
  private FlowRemovedCodec() {}

  static WireWriter write(Frames frames, FlowRemoved removed) {
    if (removed.nicira()) {
      return writeNicira(frames.start(MessageForm.NXT_FLOW_REMOVED), removed);
    }
    WireWriter out =
        frames.start(
            MessageForm.OFPT10_FLOW_REMOVED,
            MessageForm.OFPT11_FLOW_REMOVED,
            MessageForm.OFPT15_FLOW_REMOVED);
    if (frames.is10()) {
      FixedMatch10.write(out, removed.match());
      writeHead(out, removed, 0);
      writeCounts(out.zeros(2), removed.counts(), false);
    } else if (frames.version().isBefore(OfVersion.OF15)) {
      writeHead(out, removed, removed.table());
      writeCounts(out.u16(removed.timeouts().hardS()), removed.counts(), false);
      MatchCodec.write(out, removed.match(), frames.version());
    } else {
      write15(out, removed, frames.version());
    }
    return out;
  }

  private static WireWriter writeNicira(WireWriter out, FlowRemoved removed) {
    writeHead(out, removed, removed.table() == FlowMod.ANY_TABLE ? 0 : removed.table() + 1);
    int at = out.size();
    writeCounts(out.u16(0), removed.counts(), true);
    out.setU16(at, MatchCodec.writeNxm(out, removed.match(), 0, 0));
    return out;
  }

  private static void write15(WireWriter out, FlowRemoved removed, OfVersion version) {
    out.u8(removed.table()).u8(removed.reason().wire()).u16(removed.priority());
    out.u16(removed.timeouts().idleS()).u16(removed.timeouts().hardS());
    out.u64(removed.cookie());
    MatchCodec.writeOxm(out, removed.match(), version);
    Oxs.write(out, new Oxs(removed.durationNs(), -1, -1, removed.counts()));
  }

  private static void writeHead(WireWriter out, FlowRemoved removed, int table) {
    out.u64(removed.cookie()).u16(removed.priority()).u8(removed.reason().wire()).u8(table);
    out.u32(removed.durationNs() / 1_000_000_000).u32(removed.durationNs() % 1_000_000_000);
    out.u16(removed.timeouts().idleS());
  }

  /**
   * Writes both counts.
   *
   * @param showUnknown whether the form can say that one is not known, which else is 0
   */
  static void writeCounts(WireWriter out, FlowRemoved.Counts counts, boolean showUnknown) {
    out.u64(known(counts.packets(), showUnknown)).u64(known(counts.bytes(), showUnknown));
  }

  private static long known(long count, boolean showUnknown) {
    return count == -1 && !showUnknown ? 0 : count;
  }

  static FlowRemoved read(WireReader in, OfVersion version, boolean nicira) {
    if (!nicira && version.isAtLeast(OfVersion.OF15)) {
      return read15(in);
    }
    Match match = !nicira && version == OfVersion.OF10 ? FixedMatch10.read(in) : null;
    long cookie = in.u64();
    int priority = in.u16();
    FlowRemoved.Reason reason = reason(in, in.u8());
    int table = in.u8();
    long duration = in.unsigned32() * 1_000_000_000 + in.unsigned32();
    int idle = in.u16();
    int hardOrLength = in.u16();
    FlowRemoved.Counts counts = new FlowRemoved.Counts(in.u64(), in.u64());
    int hard = 0;
    if (nicira) {
      match = MatchCodec.readNxm(in, hardOrLength, MatchCodec.Rules.STRICT).match();
      table = table == 0 ? FlowMod.ANY_TABLE : table - 1;
    } else if (match == null) {
      match = MatchCodec.read(in);
      hard = version.isAtLeast(OfVersion.OF12) ? hardOrLength : 0;
    } else {
      table = FlowMod.ANY_TABLE;
    }
    Timeouts timeouts = new Timeouts(idle, hard);
    return new FlowRemoved(
        reason, table, priority, match, cookie, timeouts, duration, counts, nicira);
  }

  private static FlowRemoved read15(WireReader in) {
    int table = in.u8();
    FlowRemoved.Reason reason = reason(in, in.u8());
    int priority = in.u16();
    Timeouts timeouts = new Timeouts(in.u16(), in.u16());
    long cookie = in.u64();
    Match match = MatchCodec.read(in);
    Oxs stats = Oxs.read(in);
    return new FlowRemoved(
        reason,
        table,
        priority,
        match,
        cookie,
        timeouts,
        stats.durationNs(),
        stats.counts(),
        false);
  }

  private static FlowRemoved.Reason reason(WireReader in, int wire) {
    FlowRemoved.Reason reason = FlowRemoved.Reason.ofWire(wire);
    if (reason == null) {
      throw in.bad(OfError.NXBRC_BAD_REASON);
    }
    return reason;
  }
}
