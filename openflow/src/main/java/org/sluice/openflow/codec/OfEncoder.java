package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.Vendor;

/** Writes messages. Stateless. */
public final class OfEncoder {
  private static final int ERROR_TYPE_NICIRA = 0xb0c2;
  private static final int ERROR_TYPE_EXPERIMENTER = 0xffff;
  private static final int NO_GENERATION = -1;

  private OfEncoder() {}

  /** The messages' bytes: one, or several where a multipart reply does not fit into one. */
  public static List<byte[]> encode(OfMessage message, int xid, Dialect dialect) {
    Frames frames = new Frames(dialect.version(), xid);
    switch (message) {
      case OfMessage.Simple simple -> writeSimple(frames, simple, xid, dialect);
      case FlowMod mod -> FlowCodec.writeFlowMod(frames, mod, dialect);
      case FlowRemoved removed -> FlowCodec.writeFlowRemoved(frames, removed);
      case PacketIn packet -> PacketCodec.writePacketIn(frames, packet);
      case PacketOut packet -> PacketCodec.writePacketOut(frames, packet);
      case AsyncConfig.Message async -> AsyncCodec.write(frames, async);
      case NiciraMessage nicira -> NiciraCodec.write(frames, nicira);
      case Multipart.Request request -> RequestCodec.write(frames, request);
      case Multipart.Reply reply -> ReplyWriter.write(frames, reply);
    }
    return frames.done();
  }

  private static void writeSimple(
      Frames frames, OfMessage.Simple message, int xid, Dialect dialect) {
    WireWriter out =
        switch (message) {
          case OfMessage.Hello hello -> hello(frames, hello);
          case OfMessage.ErrorReport(OfError error, Bytes data) -> error(frames, error, data);
          case OfMessage.EchoRequest(Bytes data) -> frames.start(2).bytes(data);
          case OfMessage.EchoReply(Bytes data) -> frames.start(3).bytes(data);
          case OfMessage.FeaturesRequest request -> frames.start(5);
          case OfMessage.FeaturesReply reply -> features(frames, reply);
          case OfMessage.GetConfigRequest request -> frames.start(7);
          case OfMessage.GetConfigReply(OfMessage.SwitchConfig config) ->
              config(frames.start(8), config);
          case OfMessage.SetConfig(OfMessage.SwitchConfig config) ->
              config(frames.start(9), config);
          case OfMessage.PortStatus status -> PortCodec.writeStatus(frames, status);
          case OfMessage.PortMod mod -> PortCodec.writeMod(frames, mod);
          case OfMessage.TableMod mod -> TableCodec.writeMod(frames, mod);
          case OfMessage.BarrierRequest request -> frames.start(frames.is10() ? 18 : 20);
          case OfMessage.BarrierReply reply -> frames.start(frames.is10() ? 19 : 21);
          case OfMessage.RoleRequest request ->
              role(frames, request.nicira(), 0, request.role(), request.generation());
          case OfMessage.RoleReply reply ->
              role(frames, reply.nicira(), 1, reply.role(), reply.generation());
          case OfMessage.RoleStatus status -> roleStatus(frames, status);
          case OfMessage.BundleControl control -> bundleControl(frames, control);
          case OfMessage.BundleAdd add -> bundleAdd(frames, add, xid, dialect);
          case OfMessage.QueueGetConfigRequest(int port) ->
              PortCodec.writeQueueConfigRequest(frames, port);
          case OfMessage.QueueGetConfigReply reply ->
              PortCodec.writeQueueConfigReply(frames, reply);
        };
    frames.finish(out);
  }

  private static WireWriter hello(Frames frames, OfMessage.Hello hello) {
    int bitmap = 0;
    for (OfVersion version : hello.versions()) {
      bitmap |= version.bit();
    }
    WireWriter out = frames.start(0);
    boolean all = bitmap == (frames.version().bit() << 1) - 2;
    return all && frames.version().isBefore(OfVersion.OF14) ? out : out.u16(1).u16(8).u32(bitmap);
  }

  private static WireWriter error(Frames frames, OfError error, Bytes data) {
    OfError.Code code = error.code(frames.version());
    if (code == null) {
      code = OfError.NXBRC_UNENCODABLE_ERROR.code(frames.version());
    }
    WireWriter out = frames.start(1);
    if (code.vendor() == Vendor.STANDARD) {
      out.u16(code.type()).u16(code.code());
    } else if (frames.version().isBefore(OfVersion.OF12)) {
      out.u16(ERROR_TYPE_NICIRA).u16(0).u32(code.vendor()).u16(code.type()).u16(code.code());
    } else {
      out.u16(ERROR_TYPE_EXPERIMENTER).u16(code.type()).u32(code.vendor());
    }
    return out.bytes(data);
  }

  private static WireWriter features(Frames frames, OfMessage.FeaturesReply reply) {
    WireWriter out = frames.start(6);
    out.u64(reply.datapathId()).u32(reply.bufferCount()).u8(reply.tableCount());
    out.u8(frames.isAtLeast(OfVersion.OF13) ? reply.auxiliaryId() : 0).zeros(2);
    out.u32(capabilities(reply.capabilities(), frames.version()));
    out.u32(frames.is10() ? 0xfff : 0);
    if (frames.version().isBefore(OfVersion.OF13)) {
      reply.ports().forEach(port -> PortCodec.writeDescription(frames, out, port));
    }
    return out;
  }

  private static int capabilities(int all, OfVersion version) {
    int common =
        OfMessage.FeaturesReply.FLOW_STATS
            | OfMessage.FeaturesReply.TABLE_STATS
            | OfMessage.FeaturesReply.PORT_STATS
            | OfMessage.FeaturesReply.IP_REASSEMBLY
            | OfMessage.FeaturesReply.QUEUE_STATS;
    int known =
        switch (version) {
          case OF10, OF11 -> common | OfMessage.FeaturesReply.ARP_MATCH_IP;
          case OF12, OF13 -> common | OfMessage.FeaturesReply.PORT_BLOCKED;
          case OF14, OF15 ->
              common
                  | OfMessage.FeaturesReply.PORT_BLOCKED
                  | OfMessage.FeaturesReply.BUNDLES
                  | OfMessage.FeaturesReply.FLOW_MONITORING;
        };
    int groups = version == OfVersion.OF10 ? 0 : OfMessage.FeaturesReply.GROUP_STATS;
    return all & (known | groups);
  }

  private static WireWriter config(WireWriter out, OfMessage.SwitchConfig config) {
    return out.u16(config.flags()).u16(config.missSendLength());
  }

  private static WireWriter role(
      Frames frames, boolean nicira, int reply, OfMessage.Role role, Long generation) {
    if (nicira || frames.version().isBefore(OfVersion.OF12)) {
      return frames.startNicira(10 + reply).u32(Math.max(0, role.wire() - 1));
    }
    long id = generation == null ? NO_GENERATION : generation;
    return frames.start(24 + reply).u32(role.wire()).zeros(4).u64(id);
  }

  private static WireWriter roleStatus(Frames frames, OfMessage.RoleStatus status) {
    WireWriter out = frames.isAtLeast(OfVersion.OF14) ? frames.start(30) : frames.startOnf(1911);
    return out.u32(status.role().wire()).u8(status.reason()).zeros(3).u64(status.generation());
  }

  private static WireWriter bundleControl(Frames frames, OfMessage.BundleControl control) {
    WireWriter out = frames.isAtLeast(OfVersion.OF14) ? frames.start(33) : frames.startOnf(2300);
    return out.u32(control.bundleId()).u16(control.type().wire()).u16(control.flags());
  }

  private static WireWriter bundleAdd(
      Frames frames, OfMessage.BundleAdd add, int xid, Dialect dialect) {
    WireWriter out = frames.isAtLeast(OfVersion.OF14) ? frames.start(34) : frames.startOnf(2301);
    out.u32(add.bundleId()).u16(0).u16(add.flags());
    List<byte[]> inner = new ArrayList<>(encode(add.message(), xid, dialect));
    return out.bytes(inner.getFirst());
  }
}
