package org.sluice.openflow.codec;

import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfVersion;

/** Writes multipart replies. */
final class ReplyWriter {
  private ReplyWriter() {}

  static void write(Frames frames, Multipart.Reply reply) {
    OfVersion version = frames.version();
    switch (reply) {
      case Multipart.FlowStatsReply(var flows, boolean nicira, boolean more) ->
          frames.finishAll(
              nicira
                  ? frames.start(MessageForm.NXST_FLOW_REPLY)
                  : frames.start(
                      MessageForm.OFPST10_FLOW_REPLY,
                      MessageForm.OFPST11_FLOW_REPLY,
                      MessageForm.OFPST13_FLOW_REPLY,
                      MessageForm.OFPST15_FLOW_REPLY),
              flows,
              more,
              (out, flow) -> writeFlow(frames, out, flow, nicira));
      case Multipart.TableStatsReply(var tables, boolean more) ->
          frames.finishAll(
              frames.start(
                  MessageForm.OFPST10_TABLE_REPLY,
                  MessageForm.OFPST11_TABLE_REPLY,
                  MessageForm.OFPST12_TABLE_REPLY,
                  MessageForm.OFPST13_TABLE_REPLY),
              tables,
              more,
              (out, table) -> TableStatsCodec.write(version, out, table));
      case Multipart.TableFeaturesReply(var tables, boolean more) ->
          frames.finishAll(
              frames.start(MessageForm.OFPST13_TABLE_FEATURES_REPLY),
              tables,
              more,
              new TableFeaturesCodec(version)::write);
      case Multipart.TableDescriptionReply(var tables, boolean more) ->
          frames.finishAll(
              frames.start(MessageForm.OFPST14_TABLE_DESC_REPLY),
              tables,
              more,
              TableCodec::writeDescription);
      case Multipart.FlowMonitorReply(var updates, boolean more) ->
          frames.finishAll(
              frames.start(
                  MessageForm.NXST_FLOW_MONITOR_REPLY,
                  MessageForm.ONFST13_FLOW_MONITOR_REPLY,
                  MessageForm.OFPST14_FLOW_MONITOR_REPLY),
              updates,
              more,
              new MonitorCodec(version)::writeUpdate);
      default -> writePortsOrGroups(frames, reply);
    }
  }

  private static void writePortsOrGroups(Frames frames, Multipart.Reply reply) {
    OfVersion version = frames.version();
    switch (reply) {
      case Multipart.PortStatsReply(var ports, boolean more) ->
          frames.finishAll(
              frames.start(
                  MessageForm.OFPST10_PORT_REPLY,
                  MessageForm.OFPST11_PORT_REPLY,
                  MessageForm.OFPST13_PORT_REPLY,
                  MessageForm.OFPST14_PORT_REPLY),
              ports,
              more,
              (out, port) -> PortStatsCodec.write(frames, out, port));
      case Multipart.PortDescriptionReply(var ports, boolean more) ->
          frames.finishAll(
              frames.start(
                  MessageForm.OFPST10_PORT_DESC_REPLY,
                  MessageForm.OFPST11_PORT_DESC_REPLY,
                  MessageForm.OFPST14_PORT_DESC_REPLY),
              ports,
              more,
              (out, port) -> PortCodec.writeDescription(frames, out, port));
      case Multipart.QueueStatsReply(var queues, boolean more) ->
          frames.finishAll(
              frames.start(
                  MessageForm.OFPST10_QUEUE_REPLY,
                  MessageForm.OFPST11_QUEUE_REPLY,
                  MessageForm.OFPST13_QUEUE_REPLY,
                  MessageForm.OFPST14_QUEUE_REPLY),
              queues,
              more,
              (out, queue) -> QueueCodec.writeStats(frames, out, queue));
      case Multipart.QueueDescriptionReply(var queues, boolean more) ->
          frames.finishAll(
              frames.start(MessageForm.OFPST14_QUEUE_DESC_REPLY),
              queues,
              more,
              QueueCodec::writeDescription);
      case Multipart.GroupStatsReply(var groups, boolean more) ->
          frames.finishAll(
              frames.start(
                  MessageForm.NXST_GROUP_REPLY,
                  MessageForm.OFPST11_GROUP_REPLY,
                  MessageForm.OFPST13_GROUP_REPLY),
              groups,
              more,
              (out, group) -> writeGroup(frames, out, group));
      case Multipart.GroupDescriptionReply(var groups, boolean more) ->
          frames.finishAll(
              frames.start(MessageForm.NXST_GROUP_DESC_REPLY, MessageForm.OFPST11_GROUP_DESC_REPLY),
              groups,
              more,
              (out, group) -> new GroupWriter(out, version).writeDescription(group));
      default -> writeOther(frames, reply);
    }
  }

  private static void writeOther(Frames frames, Multipart.Reply reply) {
    switch (reply) {
      case Multipart.MeterStatsReply(var meters, boolean more) ->
          frames.finishAll(
              frames.start(MessageForm.OFPST13_METER_REPLY), meters, more, MeterCodec::writeStats);
      case Multipart.MeterConfigReply(var meters, boolean more) ->
          frames.finishAll(
              frames.start(MessageForm.OFPST13_METER_CONFIG_REPLY),
              meters,
              more,
              MeterCodec::writeConfig);
      case Multipart.IpfixReply(var stats, boolean perFlow, boolean more) ->
          frames.finishAll(
              frames.start(
                  perFlow
                      ? MessageForm.NXST_IPFIX_FLOW_REPLY
                      : MessageForm.NXST_IPFIX_BRIDGE_REPLY),
              stats,
              more,
              ReplyWriter::writeIpfix);
      default -> frames.finish(writeSingle(frames, reply));
    }
  }

  private static void writeIpfix(WireWriter out, Multipart.IpfixStats stats) {
    stats.counters().forEach(out::u64);
    out.u32(stats.set()).zeros(4);
  }

  private static WireWriter writeSingle(Frames frames, Multipart.Reply reply) {
    return switch (reply) {
      case Multipart.DescriptionReply description ->
          frames
              .start(MessageForm.OFPST_DESC_REPLY)
              .text(description.manufacturer(), 256)
              .text(description.hardware(), 256)
              .text(description.software(), 256)
              .text(description.serial(), 32)
              .text(description.datapath(), 256);
      case Multipart.AggregateReply aggregate -> writeAggregate(frames, aggregate);
      case Multipart.GroupFeaturesReply features -> writeGroupFeatures(frames, features);
      case Multipart.MeterFeaturesReply(var features) ->
          MeterCodec.writeFeatures(
              frames.start(MessageForm.OFPST13_METER_FEATURES_REPLY), features);
      default -> throw new IllegalStateException("no wire form for " + reply);
    };
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
      Durations.write(out, flow.ages().durationNs());
      out.u16(flow.priority()).u16(flow.timeouts().idleS()).u16(flow.timeouts().hardS());
      if (nicira) {
        writeFlowNxm(out, flow);
      } else if (frames.is10()) {
        out.zeros(6).u64(flow.cookie());
        FlowRemovedCodec.writeCounts(out, flow.counts(), false);
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
    FlowRemovedCodec.writeCounts(out, flow.counts(), true);
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
    FlowRemovedCodec.writeCounts(out, flow.counts(), false);
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

  private static WireWriter writeAggregate(Frames frames, Multipart.AggregateReply reply) {
    if (frames.isAtLeast(OfVersion.OF15)) {
      WireWriter out = frames.start(MessageForm.OFPST15_AGGREGATE_REPLY);
      FlowRemoved.Counts counts = new FlowRemoved.Counts(reply.packets(), reply.bytes());
      Oxs.write(out, new Oxs(-1, -1, reply.flows(), counts));
      return out;
    }
    WireWriter out =
        reply.nicira()
            ? frames.start(MessageForm.NXST_AGGREGATE_REPLY)
            : frames.start(MessageForm.OFPST_AGGREGATE_REPLY);
    return out.u64(reply.packets()).u64(reply.bytes()).u32(reply.flows()).zeros(4);
  }

  private static void writeGroup(Frames frames, WireWriter out, Multipart.GroupStats group) {
    int start = out.size();
    out.u16(0).zeros(2).u32(group.group()).u32(group.referenceCount()).zeros(4);
    FlowRemovedCodec.writeCounts(out, group.counts(), true);
    if (frames.is10() || frames.isAtLeast(OfVersion.OF13)) {
      Durations.write(out, group.durationNs());
    }
    group.buckets().forEach(bucket -> FlowRemovedCodec.writeCounts(out, bucket, true));
    out.setU16(start, out.size() - start);
  }

  private static WireWriter writeGroupFeatures(
      Frames frames, Multipart.GroupFeaturesReply features) {
    WireWriter out =
        frames.start(
            MessageForm.NXST_GROUP_FEATURES_REPLY, MessageForm.OFPST12_GROUP_FEATURES_REPLY);
    out.u32(features.types()).u32(features.capabilities());
    features.maxGroups().forEach(out::u32);
    features.actions().forEach(out::u32);
    return out;
  }
}
