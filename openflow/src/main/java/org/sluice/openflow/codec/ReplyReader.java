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
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortStats;

/** Reads multipart replies. */
final class ReplyReader {
  private static final long SECOND_NS = 1_000_000_000;

  private final WireReader in;
  private final OfVersion version;
  private final boolean more;

  ReplyReader(WireReader in, OfVersion version, boolean more) {
    this.in = in;
    this.version = version;
    this.more = more;
  }

  private boolean is10() {
    return version == OfVersion.OF10;
  }

  private boolean isAtLeast(OfVersion other) {
    return version.isAtLeast(other);
  }

  private <T> List<T> all(Function<WireReader, T> item) {
    List<T> items = new ArrayList<>();
    while (!in.isEmpty()) {
      items.add(item.apply(in));
    }
    return items;
  }

  /** The reply, or null where there is no such type. */
  Multipart read(int type) {
    return switch (type) {
      case RequestCodec.DESCRIPTION ->
          new Multipart.DescriptionReply(
              in.text(256), in.text(256), in.text(256), in.text(32), in.text(256));
      case RequestCodec.FLOW -> new Multipart.FlowStatsReply(all(this::readFlow), false, more);
      case RequestCodec.AGGREGATE -> readAggregate(false);
      case RequestCodec.TABLE -> new Multipart.TableStatsReply(all(this::readTable), more);
      case RequestCodec.PORT -> new Multipart.PortStatsReply(all(this::readPort), more);
      case RequestCodec.QUEUE -> new Multipart.QueueStatsReply(all(this::readQueue), more);
      case RequestCodec.GROUP -> new Multipart.GroupStatsReply(all(this::readGroup), more);
      case RequestCodec.GROUP_DESCRIPTION -> new Multipart.GroupDescriptionReply(more);
      case RequestCodec.GROUP_FEATURES -> readGroupFeatures();
      case RequestCodec.METER -> new Multipart.MeterStatsReply(more);
      case RequestCodec.METER_CONFIG -> new Multipart.MeterConfigReply(more);
      case RequestCodec.METER_FEATURES ->
          new Multipart.MeterFeaturesReply(in.u32(), in.u32(), in.u32(), in.u8(), in.u8());
      case RequestCodec.TABLE_FEATURES ->
          new Multipart.TableFeaturesReply(TableFeaturesCodec.readAll(in, version), more);
      case RequestCodec.PORT_DESCRIPTION ->
          new Multipart.PortDescriptionReply(
              all(ports -> PortCodec.readDescription(ports, version)), more);
      case RequestCodec.TABLE_DESCRIPTION ->
          new Multipart.TableDescriptionReply(all(TableCodec::readDescription), more);
      case RequestCodec.QUEUE_DESCRIPTION ->
          new Multipart.QueueDescriptionReply(all(ReplyReader::readQueueDescription), more);
      default -> null;
    };
  }

  /** A reply of the Nicira extension, or null. */
  Multipart readNicira(int subtype) {
    return switch (subtype) {
      case 0 -> new Multipart.FlowStatsReply(all(this::readFlowNxm), true, more);
      case 1 -> readAggregate(true);
      case 7 -> new Multipart.GroupStatsReply(all(this::readGroup), more);
      case 8 -> new Multipart.GroupDescriptionReply(more);
      case 9 -> readGroupFeatures();
      default -> null;
    };
  }

  private static long readDuration(WireReader in) {
    long seconds = in.unsigned32();
    long nanos = in.unsigned32();
    return seconds == 0xffff_ffffL ? -1 : seconds * SECOND_NS + nanos;
  }

  private WireReader item(int length) {
    return in.sub(length, OfError.OFPBRC_BAD_LEN);
  }

  private FlowStats readFlowNxm(WireReader list) {
    WireReader body = item(list.peekU16(0)).skip(2);
    int table = body.u8();
    long duration = readDuration(body.skip(1));
    int priority = body.u16();
    Timeouts timeouts = new Timeouts(body.u16(), body.u16());
    int matchLength = body.u16();
    FlowStats.Ages ages = new FlowStats.Ages(duration, body.u16() - 1, body.u16() - 1);
    long cookie = body.u64();
    Counts counts = new Counts(body.u64(), body.u64());
    Match match = MatchCodec.readNxm(body, matchLength, false).match();
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
        new InstructionReader(version).read(body));
  }

  private FlowStats readFlow(WireReader list) {
    WireReader body = item(list.peekU16(0)).skip(2);
    if (isAtLeast(OfVersion.OF15)) {
      return readFlow15(body);
    }
    int table = body.u8();
    body.skip(1);
    Match match = is10() ? FixedMatch10.read(body) : null;
    FlowStats.Ages ages = new FlowStats.Ages(readDuration(body), -1, -1);
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
        new InstructionReader(version).read(body));
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
        new InstructionReader(version).read(body));
  }

  private Multipart readAggregate(boolean nicira) {
    if (isAtLeast(OfVersion.OF15)) {
      Oxs stats = Oxs.read(in);
      return new Multipart.AggregateReply(
          stats.counts().packets(), stats.counts().bytes(), stats.flows(), false);
    }
    return new Multipart.AggregateReply(in.u64(), in.u64(), in.u32(), nicira);
  }

  private Multipart.TableStats readTable(WireReader list) {
    int table = list.u8();
    String name = "";
    int max = 0;
    switch (version) {
      case OF10 -> {
        name = list.skip(3).text(32);
        max = list.skip(4).u32();
      }
      case OF11 -> {
        name = list.skip(7).text(32);
        max = list.skip(24).u32();
      }
      case OF12 -> {
        name = list.skip(7).text(32);
        max = list.skip(64).u32();
      }
      default -> list.skip(3);
    }
    return new Multipart.TableStats(table, name, max, list.u32(), list.u64(), list.u64());
  }

  private PortStats readPort(WireReader list) {
    boolean sized = isAtLeast(OfVersion.OF14);
    WireReader body = sized ? item(list.peekU16(0)).skip(4) : list;
    int port = is10() ? body.u16() : PortCodec.port(body, body.u32());
    long duration = sized ? readDuration(body) : -1;
    body.skip(is10() ? 6 : sized ? 0 : 4);
    long[] counters = new long[8];
    for (int i = 0; i < counters.length; i++) {
      counters[i] = body.u64();
    }
    if (sized) {
      body.skip(8);
    }
    PortStats.ReceiveErrors errors =
        new PortStats.ReceiveErrors(body.u64(), body.u64(), body.u64());
    long collisions = body.u64();
    boolean durationLast = !sized && isAtLeast(OfVersion.OF13);
    return new PortStats(
        port,
        new PortStats.Direction(counters[0], counters[2], counters[4], counters[6]),
        new PortStats.Direction(counters[1], counters[3], counters[5], counters[7]),
        errors,
        collisions,
        durationLast ? readDuration(body) : duration);
  }

  private Multipart.QueueStats readQueue(WireReader list) {
    boolean sized = isAtLeast(OfVersion.OF14);
    WireReader body = sized ? item(list.peekU16(0)).skip(8) : list;
    int port = is10() ? body.u16() : PortCodec.port(body, body.u32());
    body.skip(is10() ? 2 : 0);
    int queue = body.u32();
    long bytes = body.u64();
    long packets = body.u64();
    long errors = body.u64();
    long duration = isAtLeast(OfVersion.OF13) ? readDuration(body) : -1;
    return new Multipart.QueueStats(port, queue, bytes, packets, errors, duration);
  }

  private static OfMessage.QueueDescription readQueueDescription(WireReader list) {
    WireReader body = list.sub(list.peekU16(8), OfError.OFPBRC_BAD_LEN);
    int port = PortCodec.port(body, body.u32());
    int queue = body.u32();
    body.skip(8);
    int min = -1;
    int max = -1;
    while (!body.isEmpty()) {
      Property property = Property.read(body);
      if (property.type() == 1) {
        min = property.u16();
      } else if (property.type() == 2) {
        max = property.u16();
      }
    }
    return new OfMessage.QueueDescription(port, queue, min, max);
  }

  private Multipart.GroupStats readGroup(WireReader list) {
    WireReader body = item(list.peekU16(0)).skip(4);
    int group = body.u32();
    int references = body.u32();
    Counts counts = new Counts(body.skip(4).u64(), body.u64());
    long duration = isAtLeast(OfVersion.OF13) ? readDuration(body) : -1;
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
