package org.sluice.openflow.codec;

import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/**
 * Error reports. An experimenter's error has its numbers behind the standard ones up to 1.1, and
 * from 1.2 on only a type, in the place of the code.
 */
final class ErrorCodec {
  private static final int TYPE_NICIRA = 0xb0c2;
  private static final int TYPE_EXPERIMENTER = 0xffff;

  private ErrorCodec() {}

  static OfMessage read(WireReader in, OfVersion version) {
    int type = in.u16();
    int code = in.u16();
    int vendor = Vendor.STANDARD;
    if (type == TYPE_NICIRA && code == 0) {
      vendor = in.u32();
      type = in.u16();
      code = in.u16();
    } else if (type == TYPE_EXPERIMENTER) {
      type = code;
      code = 0;
      vendor = in.u32();
    }
    OfError error = OfError.of(version, new OfError.Code(vendor, type, code));
    if (error == null) {
      throw in.bad(OfError.OFPBRC_BAD_LEN);
    }
    return new OfMessage.ErrorReport(error, in.rest());
  }

  static WireWriter write(Frames frames, OfError error, Bytes data) {
    OfError.Code code = error.code(frames.version());
    if (code == null) {
      code = OfError.NXBRC_UNENCODABLE_ERROR.code(frames.version());
    }
    WireWriter out = frames.start(MessageForm.OFPT_ERROR);
    if (code.vendor() == Vendor.STANDARD) {
      out.u16(code.type()).u16(code.code());
    } else if (frames.version().isBefore(OfVersion.OF12)) {
      out.u16(TYPE_NICIRA).u16(0).u32(code.vendor()).u16(code.type()).u16(code.code());
    } else {
      out.u16(TYPE_EXPERIMENTER).u16(code.type()).u32(code.vendor());
    }
    return out.bytes(data);
  }
}
