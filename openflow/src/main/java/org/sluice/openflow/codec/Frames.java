package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.Vendor;

/** Headers of the messages that one call of the encoder makes. Used by one thread. */
final class Frames {
  static final int MAX_BYTES = 0xffff;

  private static final int MORE = 1;
  private static final int FLAGS_AT = 10;

  private final OfVersion version;
  private final int xid;
  private final OptionLayout options;
  private final List<byte[]> done = new ArrayList<>();
  private int leftOut;

  Frames(Dialect dialect, int xid) {
    version = dialect.version();
    options = dialect.options();
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

  /** Items of a reply, or messages, that are larger than a message may be. */
  int leftOut() {
    return leftOut;
  }

  /** Writes the header of the one of {@code forms} that the version has. */
  WireWriter start(MessageForm... forms) {
    MessageForm form = MessageForm.in(version, forms);
    MessageForm.Family family = form.family();
    int type = family.type(version, form.number());
    WireWriter out = new WireWriter(options).u8(version.wire()).u8(type).u16(0).u32(xid);
    boolean vendor = family.vendor() != Vendor.STANDARD;
    if (family.isStats()) {
      out.u16(vendor ? MessageForm.STATS_VENDOR : form.number()).u16(0).zeros(is10() ? 0 : 4);
    }
    if (vendor) {
      out.u32(family.vendor()).u32(form.number()).zeros(family.isStats() && is10() ? 4 : 0);
    }
    return out;
  }

  /** Ends a message, which is left out if its length cannot be said. */
  void finish(WireWriter out) {
    if (out.size() > MAX_BYTES) {
      leaveOut();
      return;
    }
    out.setU16(2, out.size());
    done.add(out.toArray());
  }

  void leaveOut() {
    leftOut++;
  }

  /** Writes a reply's items after copies of {@code head}, over as many messages as it takes. */
  <T> void finishAll(WireWriter head, List<T> items, boolean more, BiConsumer<WireWriter, T> item) {
    byte[] start = head.toArray();
    WireWriter out = new WireWriter(options).bytes(start);
    for (T value : items) {
      int before = out.size();
      item.accept(out, value);
      if (out.size() > MAX_BYTES) {
        WireWriter next = new WireWriter(options).bytes(start);
        item.accept(next, value);
        out.truncate(before);
        if (next.size() <= MAX_BYTES) {
          finishPart(out, true);
          out = next;
        } else {
          leaveOut();
        }
      }
    }
    finishPart(out, more);
  }

  private void finishPart(WireWriter out, boolean more) {
    out.setU16(FLAGS_AT, more ? MORE : 0);
    finish(out);
  }
}
