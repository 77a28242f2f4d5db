package org.sluice.openflow.codec;

import java.util.List;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;

/** Writes messages. Stateless. */
public final class OfEncoder {
  private OfEncoder() {}

  /**
   * A message's bytes.
   *
   * @param frames one, or several where a multipart reply does not fit into one; none where that
   *     cannot be said in 65,535 bytes
   * @param leftOut items of a reply that are not there, as one alone would not fit, or 1 for a
   *     whole message
   */
  public record Encoded(List<byte[]> frames, int leftOut) {}

  /**
   * The messages' bytes: one, or several where a multipart reply does not fit into one; none of a
   * message that is larger than a message may be.
   *
   * @throws IllegalArgumentException if the version has no form of the message
   */
  public static List<byte[]> encode(OfMessage message, int xid, Dialect dialect) {
    return encodeWhatFits(message, xid, dialect).frames();
  }

  /** As {@link #encode}, for those who want to know of what does not fit. */
  public static Encoded encodeWhatFits(OfMessage message, int xid, Dialect dialect) {
    Frames frames = new Frames(dialect, xid);
    try {
      write(frames, message, xid, dialect);
    } catch (TooLongException inner) {
      frames.leaveOut();
    }
    return new Encoded(frames.done(), frames.leftOut());
  }

  private static void write(Frames frames, OfMessage message, int xid, Dialect dialect) {
    switch (message) {
      case Multipart.Request request -> RequestCodec.write(frames, request);
      case Multipart.Reply reply -> ReplyWriter.write(frames, reply);
      case FlowMonitor.Message monitor -> writeMonitor(frames, monitor);
      case OfMessage.Simple simple -> frames.finish(writeSimple(frames, simple, xid, dialect));
      case FlowMod mod -> frames.finish(FlowCodec.writeFlowMod(frames, mod, dialect));
      case FlowRemoved removed -> frames.finish(FlowRemovedCodec.write(frames, removed));
      case GroupMod mod -> frames.finish(GroupWriter.writeMod(frames, mod));
      case MeterMod mod -> frames.finish(MeterCodec.writeMod(frames, mod));
      case PacketIn packet -> frames.finish(PacketCodec.writePacketIn(frames, packet));
      case PacketOut packet -> frames.finish(PacketCodec.writePacketOut(frames, packet));
      case AsyncConfig.Message async -> frames.finish(AsyncCodec.write(frames, async));
      case NiciraMessage nicira -> frames.finish(NiciraCodec.write(frames, nicira));
    }
  }

  /** A message within a message is too long by itself. */
  private static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooLongException() {
      super(null, null, false, false);
    }
  }

  /** The bytes of a message that another holds. */
  private static byte[] single(OfMessage message, int xid, Dialect dialect) {
    List<byte[]> frames = encode(message, xid, dialect);
    if (frames.isEmpty()) {
      throw new TooLongException();
    }
    return frames.getFirst();
  }

  /** From 1.4 on these are parts of multipart messages. */
  private static void writeMonitor(Frames frames, FlowMonitor.Message message) {
    boolean standard = frames.isAtLeast(OfVersion.OF14);
    switch (message) {
      case FlowMonitor.Cancel(int id) -> {
        if (standard) {
          RequestCodec.write(frames, RequestCodec.cancel(id));
        } else {
          frames.finish(
              frames
                  .start(
                      MessageForm.NXT_FLOW_MONITOR_CANCEL, MessageForm.ONFT13_FLOW_MONITOR_CANCEL)
                  .u32(id));
        }
      }
      case FlowMonitor.Paused paused -> {
        if (standard) {
          ReplyWriter.write(frames, pause(false));
        } else {
          frames.finish(
              frames.start(
                  MessageForm.NXT_FLOW_MONITOR_PAUSED, MessageForm.ONFT13_FLOW_MONITOR_PAUSED));
        }
      }
      case FlowMonitor.Resumed resumed -> {
        if (standard) {
          ReplyWriter.write(frames, pause(true));
        } else {
          frames.finish(
              frames.start(
                  MessageForm.NXT_FLOW_MONITOR_RESUMED, MessageForm.ONFT13_FLOW_MONITOR_RESUMED));
        }
      }
    }
  }

  private static Multipart.Reply pause(boolean resumed) {
    return new Multipart.FlowMonitorReply(List.of(new FlowMonitor.Pause(resumed)), false);
  }

  private static WireWriter writeSimple(
      Frames frames, OfMessage.Simple message, int xid, Dialect dialect) {
    return switch (message) {
      case OfMessage.Hello hello -> hello(frames, hello);
      case OfMessage.ErrorReport(OfError error, Bytes data) ->
          ErrorCodec.write(frames, error, data);
      case OfMessage.EchoRequest(Bytes data) ->
          frames.start(MessageForm.OFPT_ECHO_REQUEST).bytes(data);
      case OfMessage.EchoReply(Bytes data) -> frames.start(MessageForm.OFPT_ECHO_REPLY).bytes(data);
      case OfMessage.BarrierRequest request ->
          frames.start(MessageForm.OFPT10_BARRIER_REQUEST, MessageForm.OFPT11_BARRIER_REQUEST);
      case OfMessage.BarrierReply reply ->
          frames.start(MessageForm.OFPT10_BARRIER_REPLY, MessageForm.OFPT11_BARRIER_REPLY);
      case OfMessage.RoleRequest request -> RoleCodec.write(frames, request);
      case OfMessage.RoleReply reply -> RoleCodec.write(frames, reply);
      case OfMessage.RoleStatus status -> RoleCodec.write(frames, status);
      case OfMessage.BundleControl control -> BundleCodec.writeControl(frames, control);
      case OfMessage.BundleAdd add ->
          BundleCodec.writeAdd(frames, add, single(add.message(), xid, dialect));
      case OfMessage.RequestForward(int requestXid, OfMessage request) ->
          BundleCodec.writeForward(frames, single(request, requestXid, dialect));
      default -> writeSwitch(frames, message);
    };
  }

  private static WireWriter writeSwitch(Frames frames, OfMessage.Simple message) {
    return switch (message) {
      case OfMessage.FeaturesRequest request -> frames.start(MessageForm.OFPT_FEATURES_REQUEST);
      case OfMessage.FeaturesReply reply -> SwitchCodec.writeFeatures(frames, reply);
      case OfMessage.GetConfigRequest request -> frames.start(MessageForm.OFPT_GET_CONFIG_REQUEST);
      case OfMessage.GetConfigReply(OfMessage.SwitchConfig config) ->
          SwitchCodec.writeConfig(
              frames.start(MessageForm.OFPT_GET_CONFIG_REPLY), config, frames.version());
      case OfMessage.SetConfig(OfMessage.SwitchConfig config) ->
          SwitchCodec.writeConfig(
              frames.start(MessageForm.OFPT_SET_CONFIG), config, frames.version());
      case OfMessage.PortStatus status -> PortCodec.writeStatus(frames, status);
      case OfMessage.PortMod mod -> PortCodec.writeMod(frames, mod);
      case OfMessage.TableMod mod -> TableCodec.writeMod(frames, mod);
      case OfMessage.TableStatus status -> TableCodec.writeStatus(frames, status);
      case OfMessage.QueueGetConfigRequest(int port) -> QueueCodec.writeConfigRequest(frames, port);
      case OfMessage.QueueGetConfigReply reply -> QueueCodec.writeConfigReply(frames, reply);
      default -> throw new IllegalStateException("no wire form for " + message);
    };
  }

  /** A bitmap says what the header's version does not: that not all below it are spoken. */
  private static WireWriter hello(Frames frames, OfMessage.Hello hello) {
    WireWriter out = frames.start(MessageForm.OFPT_HELLO);
    boolean allBelow = Integer.bitCount((hello.bitmap() >>> 1) + 1) == 1;
    return allBelow ? out : out.u16(1).u16(8).u32(hello.bitmap());
  }
}
