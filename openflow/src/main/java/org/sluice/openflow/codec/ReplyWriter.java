package org.sluice.openflow.codec;

import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortStats;

/** Writes multipart replies. */
final class ReplyWriter {
  private static final long SECOND_NS = 1_000_000_000;

  private ReplyWriter() {}

  static void write(Frames frames, Multipart.Reply reply) {
    switch (reply) {
      case Multipart.FlowStatsReply(var flows, boolean nicira, boolean more) ->
          frames.finishAll(
              nicira ? frames.startNiciraStats(true, 0) : frames.startReply(RequestCodec.FLOW),
              flows,
              more,
              (out, flow) -> writeFlow(frames, out, flow, nicira));
      case Multipart.TableStatsReply(var tables, boolean more) ->
          frames.finishAll(
              frames.startReply(RequestCodec.TABLE),
              tables,
              more,
              (out, table) -> writeTable(frames, out, table));
      case Multipart.PortStatsReply(var ports, boolean more) ->
          frames.finishAll(
              frames.startReply(RequestCodec.PORT),
              ports,
              more,
              (out, port) -> writePort(frames, out, port));
      case Multipart.PortDescriptionReply(var ports, boolean more) ->
          frames.finishAll(
              frames.startReply(RequestCodec.PORT_DESCRIPTION),
              ports,
              more,
              (out, port) -> PortCodec.writeDescription(frames, out, port));
      case Multipart.QueueStatsReply(var queues, boolean more) ->
          frames.finishAll(
              frames.startReply(RequestCodec.QUEUE),
              queues,
              more,
              (out, queue) -> writeQueue(frames, out, queue));
      default -> writeOther(frames, reply);
    }
  }

  private static void writeOther(Frames frames, Multipart.Reply reply) {
    switch (reply) {
      case Multipart.QueueDescriptionReply(var queues, boolean more) ->
          frames.finishAll(
              frames.startReply(RequestCodec.QUEUE_DESCRIPTION),
              queues,
              more,
              ReplyWriter::writeQueueDescription);
      case Multipart.GroupStatsReply(var groups, boolean more) ->
          frames.finishAll(
              frames.is10()
                  ? frames.startNiciraStats(true, 7)
                  : frames.startReply(RequestCodec.GROUP),
              groups,
              more,
              (out, group) -> writeGroup(frames, out, group));
      case Multipart.TableFeaturesReply(var tables, boolean more) ->
          frames.finishAll(
              frames.startReply(RequestCodec.TABLE_FEATURES),
              tables,
              more,
              (out, table) -> TableFeaturesCodec.write(out, table, frames.version()));
      case Multipart.TableDescriptionReply(var tables, boolean more) ->
          frames.finishAll(
              frames.startReply(RequestCodec.TABLE_DESCRIPTION),
              tables,
              more,
              TableCodec::writeDescription);
      default -> frames.finish(writeSingle(frames, reply));
    }
  }

  private static WireWriter writeSingle(Frames frames, Multipart.Reply reply) {
    return switch (reply) {
      case Multipart.DescriptionReply description ->
          frames
              .startReply(RequestCodec.DESCRIPTION)
              .text(description.manufacturer(), 256)
              .text(description.hardware(), 256)
              .text(description.software(), 256)
              .text(description.serial(), 32)
              .text(description.datapath(), 256);
      case Multipart.AggregateReply aggregate -> writeAggregate(frames, aggregate);
      case Multipart.GroupDescriptionReply(boolean more) ->
          frames.is10()
              ? frames.startNiciraStats(true, 8)
              : frames.startReply(RequestCodec.GROUP_DESCRIPTION);
      case Multipart.GroupFeaturesReply features -> writeGroupFeatures(frames, features);
      case Multipart.MeterStatsReply(boolean more) -> frames.startReply(RequestCodec.METER);
      case Multipart.MeterConfigReply(boolean more) -> frames.startReply(RequestCodec.METER_CONFIG);
      case Multipart.MeterFeaturesReply features ->
          frames
              .startReply(RequestCodec.METER_FEATURES)
              .u32(features.maxMeters())
              .u32(features.bandTypes())
              .u32(features.capabilities())
              .u8(features.maxBands())
              .u8(features.maxColors())
              .zeros(frames.isAtLeast(OfVersion.OF15) ? 10 : 2);
      default -> throw new IllegalStateException("no wire form for " + reply);
    };
  }

  private static void writeDuration(WireWriter out, long durationNs) {
    out.u32(durationNs < 0 ? 0xffff_ffffL : durationNs / SECOND_NS);
    out.u32(durationNs < 0 ? 0xffff_ffffL : durationNs % SECOND_NS);
  }

  private static void writeFlow(Frames frames, WireWriter out, FlowStats flow, boolean nicira) {
    int start = out.size();
    if (frames.isAtLeast(OfVersion.OF15)) {
      writeFlow15(frames, out, flow);
    } else {
      out.u16(0).u8(flow.table()).u8(0);
      if (frames.is10() && !nicira) {
        FixedMatch10.write(out, flow.match());
      }
      writeDuration(out, flow.ages().durationNs());
      out.u16(flow.priority()).u16(flow.timeouts().idleS()).u16(flow.timeouts().hardS());
      if (nicira) {
        writeFlowNxm(out, flow);
      } else if (frames.is10()) {
        out.zeros(6).u64(flow.cookie());
        writeCounts(out, flow.counts(), false);
      } else {
        writeFlow11(frames, out, flow);
      }
    }
    new ActionWriter(out, frames.version(), flow.match()).writeInstructions(flow.actions());
    out.setU16(start, out.size() - start);
  }

  private static void writeFlowNxm(WireWriter out, FlowStats flow) {
    int at = out.size();
    out.u16(0).u16(age(flow.ages().idleS())).u16(age(flow.ages().hardS()));
    out.u64(flow.cookie());
    writeCounts(out, flow.counts(), true);
    out.setU16(at, MatchCodec.writeNxm(out, flow.match(), 0, 0));
  }

  private static int age(int seconds) {
    return seconds < 0 ? 0 : Math.min(seconds + 1, 0xffff);
  }

  private static void writeFlow11(Frames frames, WireWriter out, FlowStats flow) {
    boolean flags = frames.isAtLeast(OfVersion.OF13);
    out.u16(flags ? FlowCodec.wireFlags(flow.flags(), frames.version()) : 0);
    out.u16(frames.isAtLeast(OfVersion.OF14) ? flow.importance() : 0).zeros(2);
    out.u64(flow.cookie());
    writeCounts(out, flow.counts(), false);
    MatchCodec.writeOxm(out, flow.match(), frames.version());
  }

  private static void writeFlow15(Frames frames, WireWriter out, FlowStats flow) {
    out.u16(0).zeros(2).u8(flow.table()).u8(0).u16(flow.priority());
    out.u16(flow.timeouts().idleS()).u16(flow.timeouts().hardS());
    out.u16(FlowCodec.wireFlags(flow.flags(), frames.version())).u16(flow.importance());
    out.u64(flow.cookie());
    MatchCodec.writeOxm(out, flow.match(), frames.version());
    Oxs.write(out, new Oxs(flow.ages().durationNs(), flow.ages().idleS(), -1, flow.counts()));
  }

  private static void writeCounts(WireWriter out, FlowRemoved.Counts counts, boolean showUnknown) {
    out.u64(showUnknown ? counts.packets() : FlowCodec.known(counts.packets()));
    out.u64(showUnknown ? counts.bytes() : FlowCodec.known(counts.bytes()));
  }

  private static WireWriter writeAggregate(Frames frames, Multipart.AggregateReply reply) {
    if (frames.isAtLeast(OfVersion.OF15)) {
      WireWriter out = frames.startReply(RequestCodec.AGGREGATE);
      FlowRemoved.Counts counts = new FlowRemoved.Counts(reply.packets(), reply.bytes());
      Oxs.write(out, new Oxs(-1, -1, reply.flows(), counts));
      return out;
    }
    WireWriter out =
        reply.nicira()
            ? frames.startNiciraStats(true, 1)
            : frames.startReply(RequestCodec.AGGREGATE);
    return out.u64(reply.packets()).u64(reply.bytes()).u32(reply.flows()).zeros(4);
  }

  private static void writeTable(Frames frames, WireWriter out, Multipart.TableStats table) {
    out.u8(table.table());
    switch (frames.version()) {
      case OF10 -> {
        out.zeros(3).text(table.name(), 32).u32(FixedMatch10.ALL).u32(table.maxEntries());
        out.u32(table.active());
      }
      case OF11 -> {
        out.zeros(7).text(table.name(), 32).u32(0x3ff).u32(0x3ff).u32(0x3f);
        out.u32(0).u32(0).u32(0).u32(table.maxEntries()).u32(table.active());
      }
      case OF12 -> {
        out.zeros(7).text(table.name(), 32).zeros(8 + 8 + 4 + 4 + 8 + 8);
        out.u64(-1L).u64(-1L).u32(0x3f).u32(0).u32(table.maxEntries()).u32(table.active());
      }
      default -> out.zeros(3).u32(table.active());
    }
    out.u64(table.lookups()).u64(table.matches());
  }

  private static void writePort(Frames frames, WireWriter out, PortStats port) {
    if (frames.isAtLeast(OfVersion.OF14)) {
      out.u16(120).zeros(2).u32(OfPort.toWire(port.port()));
      writeDuration(out, port.durationNs());
      writeDirections(out, port);
      out.u16(0).u16(40).zeros(4);
      writeErrors(out, port);
      return;
    }
    if (frames.is10()) {
      out.u16(port.port()).zeros(6);
    } else {
      out.u32(OfPort.toWire(port.port())).zeros(4);
    }
    writeDirections(out, port);
    writeErrors(out, port);
    if (frames.isAtLeast(OfVersion.OF13)) {
      writeDuration(out, port.durationNs());
    }
  }

  private static void writeDirections(WireWriter out, PortStats port) {
    PortStats.Direction rx = port.receive();
    PortStats.Direction tx = port.transmit();
    out.u64(rx.packets()).u64(tx.packets()).u64(rx.bytes()).u64(tx.bytes());
    out.u64(rx.dropped()).u64(tx.dropped()).u64(rx.errors()).u64(tx.errors());
  }

  private static void writeErrors(WireWriter out, PortStats port) {
    PortStats.ReceiveErrors errors = port.errors();
    out.u64(errors.frame()).u64(errors.overrun()).u64(errors.crc()).u64(port.collisions());
  }

  private static void writeQueue(Frames frames, WireWriter out, Multipart.QueueStats queue) {
    if (frames.isAtLeast(OfVersion.OF14)) {
      out.u16(48).zeros(6);
    }
    if (frames.is10()) {
      out.u16(queue.port()).zeros(2);
    } else {
      out.u32(OfPort.toWire(queue.port()));
    }
    out.u32(queue.queue()).u64(queue.txBytes()).u64(queue.txPackets()).u64(queue.txErrors());
    if (frames.isAtLeast(OfVersion.OF13)) {
      writeDuration(out, queue.durationNs());
    }
  }

  private static void writeQueueDescription(WireWriter out, OfMessage.QueueDescription queue) {
    int start = out.size();
    out.u32(OfPort.toWire(queue.port())).u32(queue.queue()).u16(0).zeros(6);
    if (queue.minRate() >= 0) {
      Property.writeU16(out, 1, queue.minRate());
    }
    if (queue.maxRate() >= 0) {
      Property.writeU16(out, 2, queue.maxRate());
    }
    out.setU16(start + 8, out.size() - start);
  }

  private static void writeGroup(Frames frames, WireWriter out, Multipart.GroupStats group) {
    int start = out.size();
    out.u16(0).zeros(2).u32(group.group()).u32(group.referenceCount()).zeros(4);
    writeCounts(out, group.counts(), true);
    if (frames.isAtLeast(OfVersion.OF13)) {
      writeDuration(out, group.durationNs());
    }
    group.buckets().forEach(bucket -> writeCounts(out, bucket, true));
    out.setU16(start, out.size() - start);
  }

  private static WireWriter writeGroupFeatures(
      Frames frames, Multipart.GroupFeaturesReply features) {
    WireWriter out =
        frames.isAtLeast(OfVersion.OF12)
            ? frames.startReply(RequestCodec.GROUP_FEATURES)
            : frames.startNiciraStats(true, 9);
    out.u32(features.types()).u32(features.capabilities());
    features.maxGroups().forEach(out::u32);
    features.actions().forEach(out::u32);
    return out;
  }
}
