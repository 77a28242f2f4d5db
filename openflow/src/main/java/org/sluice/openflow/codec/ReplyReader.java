package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.message.FlowMod.Timeouts;
import org.sluice.openflow.message.FlowRemoved.Counts;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Reads multipart replies. */
final class ReplyReader {
  private final WireReader in;
  private final MessageHeader header;
  private final OfVersion version;
  private OfError error;

  ReplyReader(WireReader in, MessageHeader header) {
    this.in = in;
    this.header = header;
    version = header.version();
  }

  /** What ended a list before its end, or null. */
  OfError error() {
    return error;
  }

  private boolean is10() {
    return version == OfVersion.OF10;
  }

  private boolean isAtLeast(OfVersion other) {
    return version.isAtLeast(other);
  }

  /** Reads items up to the end, or up to the first that is wrong. */
  <T> List<T> all(Function<WireReader, T> item) {
    List<T> items = new ArrayList<>();
    try {
      while (!in.isEmpty()) {
        items.add(item.apply(in));
      }
    } catch (BadWireException bad) {
      error = bad.error();
    }
    return items;
  }

  Multipart read() {
    boolean more = header.more();
    return switch (header.form()) {
      case OFPST_DESC_REPLY ->
          new Multipart.DescriptionReply(
              in.text(256), in.text(256), in.text(256), in.text(32), in.text(256));
      case OFPST10_FLOW_REPLY, OFPST11_FLOW_REPLY, OFPST13_FLOW_REPLY, OFPST15_FLOW_REPLY ->
          new Multipart.FlowStatsReply(all(this::readFlow), false, more);
      case NXST_FLOW_REPLY -> new Multipart.FlowStatsReply(all(this::readFlowNxm), true, more);
      case OFPST_AGGREGATE_REPLY, OFPST15_AGGREGATE_REPLY -> readAggregate(false);
      case NXST_AGGREGATE_REPLY -> readAggregate(true);
      case OFPST10_TABLE_REPLY, OFPST11_TABLE_REPLY, OFPST12_TABLE_REPLY, OFPST13_TABLE_REPLY ->
          new Multipart.TableStatsReply(all(list -> TableStatsCodec.read(list, version)), more);
      case OFPST13_TABLE_FEATURES_REPLY ->
          new Multipart.TableFeaturesReply(
              all(list -> TableFeaturesCodec.read(list, version, false)), more);
      case OFPST14_TABLE_DESC_REPLY ->
          new Multipart.TableDescriptionReply(all(TableCodec::readDescription), more);
      case OFPST14_FLOW_MONITOR_REPLY, ONFST13_FLOW_MONITOR_REPLY, NXST_FLOW_MONITOR_REPLY ->
          new Multipart.FlowMonitorReply(all(new MonitorCodec(version)::readUpdate), more);
      case NXST_IPFIX_BRIDGE_REPLY -> new Multipart.IpfixReply(all(this::readIpfix), false, more);
      case NXST_IPFIX_FLOW_REPLY -> new Multipart.IpfixReply(all(this::readIpfix), true, more);
      default -> readPortOrGroup(more);
    };
  }

  private Multipart readPortOrGroup(boolean more) {
    return switch (header.form()) {
      case OFPST10_PORT_REPLY, OFPST11_PORT_REPLY, OFPST13_PORT_REPLY, OFPST14_PORT_REPLY ->
          new Multipart.PortStatsReply(all(list -> PortStatsCodec.read(list, version)), more);
      case OFPST10_PORT_DESC_REPLY, OFPST11_PORT_DESC_REPLY, OFPST14_PORT_DESC_REPLY ->
          new Multipart.PortDescriptionReply(
              all(list -> PortCodec.readDescription(list, version)), more);
      case OFPST10_QUEUE_REPLY, OFPST11_QUEUE_REPLY, OFPST13_QUEUE_REPLY, OFPST14_QUEUE_REPLY ->
          new Multipart.QueueStatsReply(all(list -> QueueCodec.readStats(list, version)), more);
      case OFPST14_QUEUE_DESC_REPLY ->
          new Multipart.QueueDescriptionReply(all(QueueCodec::readDescription), more);
      case NXST_GROUP_REPLY, OFPST11_GROUP_REPLY, OFPST13_GROUP_REPLY ->
          new Multipart.GroupStatsReply(all(this::readGroup), more);
      case NXST_GROUP_DESC_REPLY, OFPST11_GROUP_DESC_REPLY -> {
        GroupReader groups = new GroupReader(in, version);
        yield new Multipart.GroupDescriptionReply(all(groups::readDescription), more);
      }
      case NXST_GROUP_FEATURES_REPLY, OFPST12_GROUP_FEATURES_REPLY -> readGroupFeatures();
      case OFPST13_METER_REPLY -> new Multipart.MeterStatsReply(all(MeterCodec::readStats), more);
      case OFPST13_METER_CONFIG_REPLY ->
          new Multipart.MeterConfigReply(all(MeterCodec::readConfig), more);
      case OFPST13_METER_FEATURES_REPLY ->
          new Multipart.MeterFeaturesReply(MeterCodec.readFeatures(in));
      default -> throw new IllegalStateException("not read: " + header.form());
    };
  }

  private Multipart.IpfixStats readIpfix(WireReader list) {
    List<Long> counters = new ArrayList<>();
    for (int i = 0; i < Multipart.IpfixStats.COUNTERS; i++) {
      counters.add(list.u64());
    }
    int set = list.u32();
    list.skip(4);
    return new Multipart.IpfixStats(counters, set);
  }

  private WireReader item(int length) {
    return in.sub(length, OfError.OFPBRC_BAD_LEN);
  }

  private FlowStats readFlowNxm(WireReader list) {
    WireReader body = item(list.peekU16(0)).skip(2);
    int table = body.u8();
    long duration = Durations.read(body.skip(1));
    int priority = body.u16();
    Timeouts timeouts = new Timeouts(body.u16(), body.u16());
    int matchLength = body.u16();
    FlowStats.Ages ages = new FlowStats.Ages(duration, body.u16() - 1, body.u16() - 1);
    long cookie = body.u64();
    Counts counts = new Counts(body.u64(), body.u64());
    Match match = MatchCodec.readNxm(body, matchLength, MatchCodec.Rules.STRICT).match();
    return new FlowStats(
        table,
        priority,
        match,
        cookie,
        timeouts,
        ages,
        counts,
        0,
        0,
        KnownInstructions.read(body, version));
  }

  private FlowStats readFlow(WireReader list) {
    WireReader body = item(list.peekU16(0)).skip(2);
    if (isAtLeast(OfVersion.OF15)) {
      return readFlow15(body);
    }
    int table = body.u8();
    body.skip(1);
    Match match = is10() ? FixedMatch10.read(body) : null;
    FlowStats.Ages ages = new FlowStats.Ages(Durations.read(body), -1, -1);
    int priority = body.u16();
    Timeouts timeouts = new Timeouts(body.u16(), body.u16());
    int flags = body.u16();
    int importance = body.u16();
    long cookie = body.skip(2).u64();
    Counts counts = new Counts(body.u64(), body.u64());
    if (match == null) {
      match = MatchCodec.read(body);
    }
    return new FlowStats(
        table,
        priority,
        match,
        cookie,
        timeouts,
        ages,
        counts,
        isAtLeast(OfVersion.OF13) ? flags : 0,
        isAtLeast(OfVersion.OF14) ? importance : 0,
        KnownInstructions.read(body, version));
  }

  private FlowStats readFlow15(WireReader body) {
    int table = body.skip(2).u8();
    int priority = body.skip(1).u16();
    Timeouts timeouts = new Timeouts(body.u16(), body.u16());
    int flags = body.u16();
    int importance = body.u16();
    long cookie = body.u64();
    Match match = MatchCodec.read(body);
    Oxs stats = Oxs.read(body);
    return new FlowStats(
        table,
        priority,
        match,
        cookie,
        timeouts,
        new FlowStats.Ages(stats.durationNs(), stats.idleS(), -1),
        stats.counts(),
        flags,
        importance,
        KnownInstructions.read(body, version));
  }

  private Multipart readAggregate(boolean nicira) {
    if (isAtLeast(OfVersion.OF15)) {
      Oxs stats = Oxs.read(in);
      return new Multipart.AggregateReply(
          stats.counts().packets(), stats.counts().bytes(), stats.flows(), false);
    }
    return new Multipart.AggregateReply(in.u64(), in.u64(), in.u32(), nicira);
  }

  private Multipart.GroupStats readGroup(WireReader list) {
    WireReader body = item(list.peekU16(0)).skip(4);
    int group = body.u32();
    int references = body.u32();
    Counts counts = new Counts(body.skip(4).u64(), body.u64());
    boolean timed = is10() || isAtLeast(OfVersion.OF13);
    long duration = timed ? Durations.read(body) : -1;
    List<Counts> buckets = new ArrayList<>();
    while (!body.isEmpty()) {
      buckets.add(new Counts(body.u64(), body.u64()));
    }
    return new Multipart.GroupStats(group, references, counts, duration, buckets);
  }

  private Multipart readGroupFeatures() {
    int types = in.u32();
    int capabilities = in.u32();
    List<Integer> max = List.of(in.u32(), in.u32(), in.u32(), in.u32());
    List<Integer> actions = List.of(in.u32(), in.u32(), in.u32(), in.u32());
    return new Multipart.GroupFeaturesReply(types, capabilities, max, actions);
  }
}
