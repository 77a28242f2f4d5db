package org.sluice.openflow.codec;

import java.util.function.Function;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.BundleControl;
import org.sluice.openflow.message.PacketOut;

/** Messages that carry other messages: bundles and forwarded requests. */
final class BundleCodec {
  private BundleCodec() {}

  static OfMessage readControl(WireReader in) {
    int id = in.u32();
    BundleControl.Type type = BundleControl.Type.ofWire(in.u16());
    int flags = in.u16();
    if (type == null) {
      throw in.bad(OfError.OFPBFC_BAD_TYPE);
    }
    return new BundleControl(id, type, flags);
  }

  static OfMessage readAdd(WireReader in, MessageHeader header, Function<byte[], OfMessage> inner) {
    int id = in.u32();
    int flags = in.skip(2).u16();
    byte[] bytes = innerBytes(in);
    if (bytes[0] != header.version().wire()) {
      throw in.bad(OfError.OFPBFC_BAD_VERSION);
    }
    int xid = xid(bytes);
    if (xid != header.xid()) {
      throw in.bad(OfError.OFPBFC_MSG_BAD_XID);
    }
    OfMessage message = inner.apply(bytes);
    boolean allowed =
        message instanceof FlowMod
            || message instanceof GroupMod
            || message instanceof OfMessage.PortMod
            || message instanceof PacketOut;
    if (!allowed) {
      throw in.bad(
          OfError.OFPBFC_MSG_UNSUP,
          "ofp_bundle",
          OfDecoder.formOf(bytes).text() + " message not allowed inside OFPT14_BUNDLE_ADD_MESSAGE");
    }
    return new OfMessage.BundleAdd(id, flags, message);
  }

  static OfMessage readForward(
      WireReader in, MessageHeader header, Function<byte[], OfMessage> inner) {
    byte[] bytes = innerBytes(in);
    if (bytes[0] != header.version().wire()) {
      throw in.bad(OfError.OFPBRC_BAD_VERSION);
    }
    OfMessage message = inner.apply(bytes);
    if (!(message instanceof GroupMod) && !(message instanceof MeterMod)) {
      throw in.bad(OfError.OFPBFC_MSG_UNSUP);
    }
    return new OfMessage.RequestForward(xid(bytes), message);
  }

  private static int xid(byte[] message) {
    return new WireReader(message).skip(4).u32();
  }

  private static byte[] innerBytes(WireReader in) {
    if (in.left() < MessageHeader.BYTES) {
      throw in.bad(OfError.OFPBFC_MSG_BAD_LEN);
    }
    int length = in.peekU16(2);
    if (length < MessageHeader.BYTES || length > in.left()) {
      throw in.bad(OfError.OFPBFC_MSG_BAD_LEN);
    }
    return in.array(length);
  }

  static WireWriter writeControl(Frames frames, BundleControl control) {
    return frames
        .start(MessageForm.ONFT13_BUNDLE_CONTROL, MessageForm.OFPT14_BUNDLE_CONTROL)
        .u32(control.bundleId())
        .u16(control.type().wire())
        .u16(control.flags());
  }

  static WireWriter writeAdd(Frames frames, OfMessage.BundleAdd add, byte[] message) {
    return frames
        .start(MessageForm.ONFT13_BUNDLE_ADD_MESSAGE, MessageForm.OFPT14_BUNDLE_ADD_MESSAGE)
        .u32(add.bundleId())
        .u16(0)
        .u16(add.flags())
        .bytes(message);
  }

  static WireWriter writeForward(Frames frames, byte[] request) {
    return frames
        .start(
            MessageForm.NXT_REQUESTFORWARD,
            MessageForm.ONFT13_REQUESTFORWARD,
            MessageForm.OFPT14_REQUESTFORWARD)
        .bytes(request);
  }
}
