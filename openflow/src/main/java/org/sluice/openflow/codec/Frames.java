package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/**
 * Headers of the messages that one call of the encoder makes. Used by one thread.
 *
 * <pre>
 *  0  version  1  type  2  length (16)  4  xid (32)
 *  8  multipart: type (16)  flags (16)  [from 1.1: 0 (32)]     vendor: vendor (32)  subtype (32)
 * </pre>
 */
final class Frames {
  static final int MAX_BYTES = 0xffff;

  private static final int VENDOR = 4;
  private static final int VENDOR_STATS = 0xffff;
  private static final int MORE = 1;

  private final OfVersion version;
  private final int xid;
  private final List<byte[]> done = new ArrayList<>();

  Frames(OfVersion version, int xid) {
    this.version = version;
    this.xid = xid;
  }

  OfVersion version() {
    return version;
  }

  boolean is10() {
    return version == OfVersion.OF10;
  }

  boolean isAtLeast(OfVersion other) {
    return version.isAtLeast(other);
  }

  List<byte[]> done() {
    return done;
  }

  WireWriter start(int type) {
    return new WireWriter().u8(version.wire()).u8(type).u16(0).u32(xid);
  }

  WireWriter startNicira(int subtype) {
    return start(VENDOR).u32(Vendor.NICIRA).u32(subtype);
  }

  WireWriter startOnf(int subtype) {
    return start(VENDOR).u32(Vendor.ONF).u32(subtype);
  }

  WireWriter startRequest(int type) {
    return startStats(is10() ? 16 : 18, type);
  }

  WireWriter startReply(int type) {
    return startStats(is10() ? 17 : 19, type);
  }

  private WireWriter startStats(int messageType, int type) {
    WireWriter out = start(messageType).u16(type).u16(0);
    return is10() ? out : out.zeros(4);
  }

  WireWriter startNiciraStats(boolean reply, int subtype) {
    WireWriter out = reply ? startReply(VENDOR_STATS) : startRequest(VENDOR_STATS);
    out.u32(Vendor.NICIRA).u32(subtype);
    return is10() ? out.zeros(4) : out;
  }

  void finish(WireWriter out) {
    assert out.size() <= MAX_BYTES : out.size();
    out.setU16(2, out.size());
    done.add(out.toArray());
  }

  /** Writes a reply's items after copies of {@code head}, over as many messages as it takes. */
  <T> void finishAll(WireWriter head, List<T> items, boolean more, BiConsumer<WireWriter, T> item) {
    byte[] start = head.toArray();
    WireWriter out = new WireWriter().bytes(start);
    for (T value : items) {
      int before = out.size();
      item.accept(out, value);
      if (out.size() > MAX_BYTES) {
        WireWriter next = new WireWriter().bytes(start);
        item.accept(next, value);
        out.truncate(before);
        if (next.size() <= MAX_BYTES) {
          finishPart(out, true);
          out = next;
        }
      }
    }
    finishPart(out, more);
  }

  private void finishPart(WireWriter out, boolean more) {
    out.setU16(10, more ? MORE : 0);
    finish(out);
  }
}
