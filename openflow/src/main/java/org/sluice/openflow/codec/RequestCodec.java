package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.Multipart.FlowQuery;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Multipart requests. */
final class RequestCodec {
  static final int DESCRIPTION = 0;
  static final int FLOW = 1;
  static final int AGGREGATE = 2;
  static final int TABLE = 3;
  static final int PORT = 4;
  static final int QUEUE = 5;
  static final int GROUP = 6;
  static final int GROUP_DESCRIPTION = 7;
  static final int GROUP_FEATURES = 8;
  static final int METER = 9;
  static final int METER_CONFIG = 10;
  static final int METER_FEATURES = 11;
  static final int TABLE_FEATURES = 12;
  static final int PORT_DESCRIPTION = 13;
  static final int TABLE_DESCRIPTION = 14;
  static final int QUEUE_DESCRIPTION = 15;

  private RequestCodec() {}

  static void write(Frames frames, Multipart.Request request) {
    switch (request) {
      case Multipart.FlowStatsRequest(FlowQuery query, boolean nicira) ->
          frames.finish(writeQuery(frames, FLOW, query, nicira));
      case Multipart.AggregateRequest(FlowQuery query, boolean nicira) ->
          frames.finish(writeQuery(frames, AGGREGATE, query, nicira));
      case Multipart.TableFeaturesRequest(var tables, boolean more) ->
          frames.finishAll(
              frames.startRequest(TABLE_FEATURES),
              tables,
              more,
              (out, table) -> TableFeaturesCodec.write(out, table, frames.version()));
      default -> frames.finish(writePlain(frames, request));
    }
  }

  private static WireWriter writePlain(Frames frames, Multipart.Request request) {
    return switch (request) {
      case Multipart.DescriptionRequest description -> frames.startRequest(DESCRIPTION);
      case Multipart.TableStatsRequest table -> frames.startRequest(TABLE);
      case Multipart.PortStatsRequest(int port) -> writePort(frames, PORT, port);
      case Multipart.PortDescriptionRequest(int port) ->
          frames.isAtLeast(OfVersion.OF15)
              ? writePort(frames, PORT_DESCRIPTION, port)
              : frames.startRequest(PORT_DESCRIPTION);
      case Multipart.QueueStatsRequest(int port, int queue) ->
          frames.is10()
              ? frames.startRequest(QUEUE).u16(port).zeros(2).u32(queue)
              : frames.startRequest(QUEUE).u32(OfPort.toWire(port)).u32(queue);
      case Multipart.QueueDescriptionRequest(int port, int queue) ->
          frames.startRequest(QUEUE_DESCRIPTION).u32(OfPort.toWire(port)).u32(queue);
      case Multipart.GroupStatsRequest(int group) ->
          (frames.is10() ? frames.startNiciraStats(false, 7) : frames.startRequest(GROUP))
              .u32(group)
              .zeros(4);
      case Multipart.GroupDescriptionRequest(int group) -> writeGroupDescription(frames, group);
      case Multipart.GroupFeaturesRequest features ->
          frames.isAtLeast(OfVersion.OF12)
              ? frames.startRequest(GROUP_FEATURES)
              : frames.startNiciraStats(false, 9);
      case Multipart.MeterStatsRequest(int meter) -> frames.startRequest(METER).u32(meter).zeros(4);
      case Multipart.MeterConfigRequest(int meter) ->
          frames.startRequest(METER_CONFIG).u32(meter).zeros(4);
      case Multipart.MeterFeaturesRequest features -> frames.startRequest(METER_FEATURES);
      case Multipart.TableDescriptionRequest description -> frames.startRequest(TABLE_DESCRIPTION);
      default -> throw new IllegalStateException("no wire form for " + request);
    };
  }

  private static WireWriter writePort(Frames frames, int type, int port) {
    WireWriter out = frames.startRequest(type);
    return frames.is10() ? out.u16(port).zeros(6) : out.u32(OfPort.toWire(port)).zeros(4);
  }

  private static WireWriter writeGroupDescription(Frames frames, int group) {
    if (frames.is10()) {
      return frames.startNiciraStats(false, 8).u32(group).zeros(4);
    }
    WireWriter out = frames.startRequest(GROUP_DESCRIPTION);
    return frames.isAtLeast(OfVersion.OF15) ? out.u32(group).zeros(4) : out;
  }

  private static WireWriter writeQuery(Frames frames, int type, FlowQuery query, boolean nicira) {
    if (!frames.is10()) {
      WireWriter out = frames.startRequest(type).u8(query.table()).zeros(3);
      out.u32(OfPort.toWire(query.filter().outPort())).u32(query.filter().outGroup()).zeros(4);
      out.u64(query.cookie()).u64(query.cookieMask());
      MatchCodec.write(out, query.match(), frames.version());
      return out;
    }
    if (!nicira) {
      WireWriter out = frames.startRequest(type);
      FixedMatch10.write(out, query.match());
      return out.u8(query.table()).u8(0).u16(query.filter().outPort());
    }
    WireWriter out = frames.startNiciraStats(false, type - FLOW);
    int at = out.u16(query.filter().outPort()).size();
    out.u16(0).u8(query.table()).zeros(3);
    out.setU16(at, MatchCodec.writeNxm(out, query.match(), query.cookie(), query.cookieMask()));
    return out;
  }

  /** The request, or null where {@code version} has no such type. */
  static Multipart read(WireReader in, int type, boolean more, OfVersion version) {
    boolean of10 = version == OfVersion.OF10;
    return switch (type) {
      case DESCRIPTION -> new Multipart.DescriptionRequest();
      case FLOW -> new Multipart.FlowStatsRequest(readQuery(in, version), false);
      case AGGREGATE -> new Multipart.AggregateRequest(readQuery(in, version), false);
      case TABLE -> new Multipart.TableStatsRequest();
      case PORT -> new Multipart.PortStatsRequest(port(in, of10));
      case QUEUE -> new Multipart.QueueStatsRequest(queuePort(in, of10), in.u32());
      case PORT_DESCRIPTION ->
          new Multipart.PortDescriptionRequest(
              version.isAtLeast(OfVersion.OF15) ? port(in, false) : OfPort.ANY);
      default -> readLater(in, type, more, version);
    };
  }

  private static Multipart readLater(WireReader in, int type, boolean more, OfVersion version) {
    OfVersion first =
        switch (type) {
          case GROUP, GROUP_DESCRIPTION -> OfVersion.OF11;
          case GROUP_FEATURES -> OfVersion.OF12;
          case METER, METER_CONFIG, METER_FEATURES, TABLE_FEATURES -> OfVersion.OF13;
          default -> OfVersion.OF14;
        };
    if (version.isBefore(first)) {
      return null;
    }
    return switch (type) {
      case GROUP -> new Multipart.GroupStatsRequest(in.u32());
      case GROUP_DESCRIPTION ->
          new Multipart.GroupDescriptionRequest(
              version.isAtLeast(OfVersion.OF15) ? in.u32() : Multipart.GroupStatsRequest.ALL);
      case GROUP_FEATURES -> new Multipart.GroupFeaturesRequest();
      case METER -> new Multipart.MeterStatsRequest(in.u32());
      case METER_CONFIG -> new Multipart.MeterConfigRequest(in.u32());
      case METER_FEATURES -> new Multipart.MeterFeaturesRequest();
      case TABLE_FEATURES ->
          new Multipart.TableFeaturesRequest(TableFeaturesCodec.readAll(in, version), more);
      case TABLE_DESCRIPTION -> new Multipart.TableDescriptionRequest();
      case QUEUE_DESCRIPTION ->
          new Multipart.QueueDescriptionRequest(PortCodec.port(in, in.u32()), in.u32());
      default -> null;
    };
  }

  /** A request of the Nicira extension, or null. */
  static Multipart readNicira(WireReader in, int subtype, OfVersion version) {
    boolean of10 = version == OfVersion.OF10;
    return switch (subtype) {
      case 0 -> of10 ? new Multipart.FlowStatsRequest(readNxmQuery(in), true) : null;
      case 1 -> of10 ? new Multipart.AggregateRequest(readNxmQuery(in), true) : null;
      case 7 -> of10 ? new Multipart.GroupStatsRequest(in.u32()) : null;
      case 8 -> of10 ? new Multipart.GroupDescriptionRequest(in.u32()) : null;
      case 9 -> version.isBefore(OfVersion.OF12) ? new Multipart.GroupFeaturesRequest() : null;
      default -> null;
    };
  }

  private static int port(WireReader in, boolean of10) {
    return of10 ? in.u16() : PortCodec.port(in, in.u32());
  }

  private static int queuePort(WireReader in, boolean of10) {
    int port = port(in, of10);
    in.skip(of10 ? 2 : 0);
    return port == OfPort.ALL ? OfPort.ANY : port;
  }

  private static FlowQuery readQuery(WireReader in, OfVersion version) {
    if (version == OfVersion.OF10) {
      Match match = FixedMatch10.read(in);
      int table = in.u8();
      int outPort = in.skip(1).u16();
      return new FlowQuery(table, filter(outPort), 0, 0, match);
    }
    int table = in.u8();
    int outPort = PortCodec.port(in, in.skip(3).u32());
    FlowMod.Filter filter = new FlowMod.Filter(outPort, in.u32());
    long cookie = in.skip(4).u64();
    long mask = in.u64();
    return new FlowQuery(table, filter, cookie, mask, MatchCodec.read(in));
  }

  private static FlowMod.Filter filter(int outPort) {
    return new FlowMod.Filter(outPort, FlowMod.Filter.ANY_GROUP);
  }

  private static FlowQuery readNxmQuery(WireReader in) {
    int outPort = in.u16();
    int length = in.u16();
    int table = in.u8();
    MatchCodec.Result match = MatchCodec.readNxm(in.skip(3), length, true);
    if (!in.isEmpty()) {
      throw in.bad(OfError.OFPBRC_BAD_LEN);
    }
    return new FlowQuery(table, filter(outPort), match.cookie(), match.cookieMask(), match.match());
  }
}
