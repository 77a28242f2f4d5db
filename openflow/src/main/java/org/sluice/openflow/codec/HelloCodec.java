package org.sluice.openflow.codec;

import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;

/** The first message: elements, of which only the bitmap of versions is known. */
final class HelloCodec {
  private static final String MODULE = "ofp_util";
  private static final int VERSION_BITMAP = 1;

  private HelloCodec() {}

  /** Takes what it can; whoever says only a version speaks all up to it. */
  static OfMessage.Hello read(WireReader in, int wireVersion) {
    int bitmap = (int) ((2L << Math.min(wireVersion, 31)) - 2);
    boolean strange = false;
    while (!in.isEmpty()) {
      WireReader element = element(in);
      if (element == null) {
        return new OfMessage.Hello(bitmap, true);
      }
      int type = element.u16();
      int bytes = element.skip(2).left();
      int versions = bytes > 0 && bytes % 4 == 0 ? element.u32() : 0;
      if (type == VERSION_BITMAP && isPossible(in, versions)) {
        bitmap = versions & ~1;
      } else {
        strange = true;
      }
    }
    return new OfMessage.Hello(bitmap, strange);
  }

  private static boolean isPossible(WireReader in, int versions) {
    if ((versions & 1) != 0) {
      in.warn(MODULE, "peer claims to support invalid OpenFlow version 0x00");
    }
    if ((versions & ~1) == 0) {
      in.warn(MODULE, "peer does not support any OpenFlow version (between 0x01 and 0x1f)");
    }
    return (versions & ~1) != 0;
  }

  private static WireReader element(WireReader in) {
    int length = in.left() < 4 ? 0 : in.peekU16(2);
    int padded = (length + 7) & ~7;
    if (length < 4 || padded > in.left()) {
      return null;
    }
    WireReader element = in.sub(length, OfError.OFPBRC_BAD_LEN);
    in.skip(padded - length);
    return element;
  }
}
