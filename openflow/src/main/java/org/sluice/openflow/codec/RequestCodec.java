package org.sluice.openflow.codec;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.Multipart.FlowQuery;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;

/** Multipart requests. */
final class RequestCodec {
  private RequestCodec() {}

  static void write(Frames frames, Multipart.Request request) {
    switch (request) {
      case Multipart.TableFeaturesRequest(var tables, boolean more) ->
          frames.finishAll(
              frames.start(MessageForm.OFPST13_TABLE_FEATURES_REQUEST),
              tables,
              more,
              new TableFeaturesCodec(frames.version())::write);
      case Multipart.FlowMonitorRequest(var monitors, boolean more) ->
          frames.finishAll(
              frames.start(
                  MessageForm.NXST_FLOW_MONITOR_REQUEST,
                  MessageForm.ONFST13_FLOW_MONITOR_REQUEST,
                  MessageForm.OFPST14_FLOW_MONITOR_REQUEST),
              monitors,
              more,
              new MonitorCodec(frames.version())::writeRequest);
      default -> frames.finish(writePlain(frames, request));
    }
  }

  /** From 1.4 on a monitor is ended by a request. */
  static Multipart.FlowMonitorRequest cancel(int id) {
    FlowMonitor monitor =
        new FlowMonitor(
            id, FlowMonitor.Command.DELETE, 0, new FlowMod.Filter(0, 0), 0, Match.any());
    return new Multipart.FlowMonitorRequest(List.of(monitor), false);
  }

  private static WireWriter writePlain(Frames frames, Multipart.Request request) {
    return switch (request) {
      case Multipart.DescriptionRequest description -> frames.start(MessageForm.OFPST_DESC_REQUEST);
      case Multipart.FlowStatsRequest(FlowQuery query, boolean nicira) ->
          nicira
              ? writeNxmQuery(frames.start(MessageForm.NXST_FLOW_REQUEST), query)
              : writeQuery(
                  frames,
                  frames.start(MessageForm.OFPST10_FLOW_REQUEST, MessageForm.OFPST11_FLOW_REQUEST),
                  query);
      case Multipart.AggregateRequest(FlowQuery query, boolean nicira) ->
          nicira
              ? writeNxmQuery(frames.start(MessageForm.NXST_AGGREGATE_REQUEST), query)
              : writeQuery(
                  frames,
                  frames.start(
                      MessageForm.OFPST10_AGGREGATE_REQUEST,
                      MessageForm.OFPST11_AGGREGATE_REQUEST,
                      MessageForm.OFPST15_AGGREGATE_REQUEST),
                  query);
      case Multipart.TableStatsRequest table -> frames.start(MessageForm.OFPST_TABLE_REQUEST);
      case Multipart.TableDescriptionRequest description ->
          frames.start(MessageForm.OFPST14_TABLE_DESC_REQUEST);
      case Multipart.IpfixBridgeRequest bridge ->
          frames.start(MessageForm.NXST_IPFIX_BRIDGE_REQUEST);
      case Multipart.IpfixFlowRequest flow -> frames.start(MessageForm.NXST_IPFIX_FLOW_REQUEST);
      default -> writePortOrGroup(frames, request);
    };
  }

  private static WireWriter writePortOrGroup(Frames frames, Multipart.Request request) {
    return switch (request) {
      case Multipart.PortStatsRequest(int port) ->
          writePort(
              frames,
              frames.start(MessageForm.OFPST10_PORT_REQUEST, MessageForm.OFPST11_PORT_REQUEST),
              port);
      case Multipart.PortDescriptionRequest(int port) -> {
        WireWriter out =
            frames.start(
                MessageForm.OFPST10_PORT_DESC_REQUEST, MessageForm.OFPST15_PORT_DESC_REQUEST);
        yield frames.isAtLeast(OfVersion.OF15) ? writePort(frames, out, port) : out;
      }
      case Multipart.QueueStatsRequest(int port, int queue) -> {
        WireWriter out =
            frames.start(MessageForm.OFPST10_QUEUE_REQUEST, MessageForm.OFPST11_QUEUE_REQUEST);
        yield frames.is10()
            ? out.u16(port == OfPort.ANY ? OfPort.ALL : port).zeros(2).u32(queue)
            : out.u32(OfPort.toWire(port)).u32(queue);
      }
      case Multipart.QueueDescriptionRequest(int port, int queue) ->
          frames.start(MessageForm.OFPST14_QUEUE_DESC_REQUEST).u32(OfPort.toWire(port)).u32(queue);
      case Multipart.GroupStatsRequest(int group) ->
          frames
              .start(MessageForm.NXST_GROUP_REQUEST, MessageForm.OFPST11_GROUP_REQUEST)
              .u32(group)
              .zeros(4);
      case Multipart.GroupDescriptionRequest(int group) -> {
        WireWriter out =
            frames.start(
                MessageForm.NXST_GROUP_DESC_REQUEST,
                MessageForm.OFPST11_GROUP_DESC_REQUEST,
                MessageForm.OFPST15_GROUP_DESC_REQUEST);
        yield GroupWriter.isForm15(frames.version()) ? out.u32(group).zeros(4) : out;
      }
      case Multipart.GroupFeaturesRequest features ->
          frames.start(
              MessageForm.NXST_GROUP_FEATURES_REQUEST, MessageForm.OFPST12_GROUP_FEATURES_REQUEST);
      case Multipart.MeterStatsRequest(int meter) ->
          frames.start(MessageForm.OFPST13_METER_REQUEST).u32(meter).zeros(4);
      case Multipart.MeterConfigRequest(int meter) ->
          frames.start(MessageForm.OFPST13_METER_CONFIG_REQUEST).u32(meter).zeros(4);
      case Multipart.MeterFeaturesRequest features ->
          frames.start(MessageForm.OFPST13_METER_FEATURES_REQUEST);
      default -> throw new IllegalStateException("no wire form for " + request);
    };
  }

  private static WireWriter writePort(Frames frames, WireWriter out, int port) {
    return frames.is10() ? out.u16(port).zeros(6) : out.u32(OfPort.toWire(port)).zeros(4);
  }

  private static WireWriter writeQuery(Frames frames, WireWriter out, FlowQuery query) {
    if (frames.is10()) {
      FixedMatch10.write(out, query.match());
      return out.u8(query.table()).u8(0).u16(query.filter().outPort());
    }
    out.u8(query.table()).zeros(3);
    out.u32(OfPort.toWire(query.filter().outPort())).u32(query.filter().outGroup()).zeros(4);
    out.u64(query.cookie()).u64(query.cookieMask());
    MatchCodec.write(out, query.match(), frames.version());
    return out;
  }

  private static WireWriter writeNxmQuery(WireWriter out, FlowQuery query) {
    int at = out.u16(query.filter().outPort()).size();
    out.u16(0).u8(query.table()).zeros(3);
    out.setU16(at, MatchCodec.writeNxm(out, query.match(), query.cookie(), query.cookieMask()));
    return out;
  }

  /** Lists of items are read by {@code lists}, which knows how to stop. */
  static Multipart read(WireReader in, MessageHeader header, ReplyReader lists) {
    OfVersion version = header.version();
    return switch (header.form()) {
      case OFPST_DESC_REQUEST -> new Multipart.DescriptionRequest();
      case OFPST10_FLOW_REQUEST, OFPST11_FLOW_REQUEST ->
          new Multipart.FlowStatsRequest(readQuery(in, version), false);
      case NXST_FLOW_REQUEST -> new Multipart.FlowStatsRequest(readNxmQuery(in), true);
      case OFPST10_AGGREGATE_REQUEST, OFPST11_AGGREGATE_REQUEST, OFPST15_AGGREGATE_REQUEST ->
          new Multipart.AggregateRequest(readQuery(in, version), false);
      case NXST_AGGREGATE_REQUEST -> new Multipart.AggregateRequest(readNxmQuery(in), true);
      case OFPST_TABLE_REQUEST -> new Multipart.TableStatsRequest();
      case OFPST13_TABLE_FEATURES_REQUEST ->
          new Multipart.TableFeaturesRequest(
              lists.all(list -> TableFeaturesCodec.read(list, version, true)), header.more());
      case OFPST14_TABLE_DESC_REQUEST -> new Multipart.TableDescriptionRequest();
      case OFPST14_FLOW_MONITOR_REQUEST, ONFST13_FLOW_MONITOR_REQUEST, NXST_FLOW_MONITOR_REQUEST ->
          new Multipart.FlowMonitorRequest(
              lists.all(new MonitorCodec(version)::readRequest), header.more());
      case NXST_IPFIX_BRIDGE_REQUEST -> new Multipart.IpfixBridgeRequest();
      case NXST_IPFIX_FLOW_REQUEST -> new Multipart.IpfixFlowRequest();
      default -> readPortOrGroup(in, header.form(), version == OfVersion.OF10);
    };
  }

  private static Multipart readPortOrGroup(WireReader in, MessageForm form, boolean of10) {
    return switch (form) {
      case OFPST10_PORT_REQUEST, OFPST11_PORT_REQUEST ->
          new Multipart.PortStatsRequest(port(in, of10));
      case OFPST10_PORT_DESC_REQUEST -> new Multipart.PortDescriptionRequest(OfPort.ANY);
      case OFPST15_PORT_DESC_REQUEST -> new Multipart.PortDescriptionRequest(port(in, false));
      case OFPST10_QUEUE_REQUEST, OFPST11_QUEUE_REQUEST ->
          new Multipart.QueueStatsRequest(queuePort(in, of10), in.u32());
      case OFPST14_QUEUE_DESC_REQUEST ->
          new Multipart.QueueDescriptionRequest(PortCodec.port(in, in.u32()), in.u32());
      case NXST_GROUP_REQUEST, OFPST11_GROUP_REQUEST -> new Multipart.GroupStatsRequest(in.u32());
      case NXST_GROUP_DESC_REQUEST, OFPST15_GROUP_DESC_REQUEST ->
          new Multipart.GroupDescriptionRequest(in.u32());
      case OFPST11_GROUP_DESC_REQUEST ->
          new Multipart.GroupDescriptionRequest(Multipart.GroupStatsRequest.ALL);
      case NXST_GROUP_FEATURES_REQUEST, OFPST12_GROUP_FEATURES_REQUEST ->
          new Multipart.GroupFeaturesRequest();
      case OFPST13_METER_REQUEST -> new Multipart.MeterStatsRequest(in.u32());
      case OFPST13_METER_CONFIG_REQUEST -> new Multipart.MeterConfigRequest(in.u32());
      case OFPST13_METER_FEATURES_REQUEST -> new Multipart.MeterFeaturesRequest();
      default -> throw new IllegalStateException("not read: " + form);
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
    MatchCodec.Result match = MatchCodec.readNxm(in.skip(3), length, MatchCodec.Rules.WITH_COOKIE);
    if (!in.isEmpty()) {
      throw in.bad(OfError.OFPBRC_BAD_LEN);
    }
    return new FlowQuery(table, filter(outPort), match.cookie(), match.cookieMask(), match.match());
  }
}
