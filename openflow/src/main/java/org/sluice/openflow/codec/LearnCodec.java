package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.Vendor;

/**
 * The learn action on the wire. Each spec begins with 16 bits:
 *
 * <pre>
 *  15   13        11        0
 *  | 0 | constant | target | number of bits |     target: 0 match, 1 load, 2 output
 * </pre>
 */
final class LearnCodec {
  static final int LEARN = 16;
  static final int LEARN2 = 45;

  private static final int CONSTANT = 1 << 13;
  private static final int LOAD = 1 << 11;
  private static final int OUTPUT = 2 << 11;
  private static final int TARGET_MASK = 3 << 11;
  private static final int BITS_MASK = 0x3ff;

  private LearnCodec() {}

  static void write(WireWriter out, Learn learn) {
    boolean extended =
        learn.limit() != 0 || learn.result() != null || (learn.flags() & Learn.EXTENDED) != 0;
    int start = out.size();
    out.u16(ActionWriter.VENDOR).u16(0).u32(Vendor.NICIRA).u16(extended ? LEARN2 : LEARN);
    out.u16(learn.timeouts().idleS()).u16(learn.timeouts().hardS()).u16(learn.priority());
    out.u64(learn.cookie()).u16(learn.flags() & ~Learn.EXTENDED).u8(learn.table()).u8(0);
    out.u16(learn.timeouts().finIdleS()).u16(learn.timeouts().finHardS());
    if (extended) {
      out.u32(learn.limit()).u16(learn.result() == null ? 0 : learn.result().start()).u16(0);
    }
    if (learn.result() != null) {
      Oxm.writeHeader(out, learn.result().field(), null, false);
    }
    learn.specs().forEach(spec -> writeSpec(out, spec));
    out.pad8(start);
    out.setLength(start);
  }

  private static void writeSpec(WireWriter out, Learn.Spec spec) {
    switch (spec) {
      case Learn.MatchOn(FieldSlice target, Learn.Source source) ->
          writeTargeted(out, 0, target, source);
      case Learn.LoadInto(FieldSlice target, Learn.Source source) ->
          writeTargeted(out, LOAD, target, source);
      case Learn.OutputTo(FieldSlice source) -> {
        out.u16(OUTPUT | source.bits());
        writeSlice(out, source);
      }
    }
  }

  private static void writeTargeted(
      WireWriter out, int kind, FieldSlice target, Learn.Source source) {
    switch (source) {
      case Learn.FromField(FieldSlice slice) -> {
        out.u16(kind | target.bits());
        writeSlice(out, slice);
      }
      case Learn.Constant(long high, long low) -> {
        out.u16(CONSTANT | kind | target.bits());
        out.wide(high, low, constantBytes(target.bits()));
      }
    }
    writeSlice(out, target);
  }

  private static int constantBytes(int bits) {
    return 2 * ((bits + 15) / 16);
  }

  private static void writeSlice(WireWriter out, FieldSlice slice) {
    Oxm.writeHeader(out, slice.field(), null, false);
    out.u16(slice.start());
  }

  /** Reads what follows the subtype. */
  static Learn read(WireReader in, boolean extended) {
    int idle = in.u16();
    int hard = in.u16();
    int priority = in.u16();
    long cookie = in.u64();
    int flags = in.u16();
    int table = in.u8();
    in.zeros(1, OfError.OFPBAC_BAD_ARGUMENT);
    Learn.Timeouts timeouts = new Learn.Timeouts(idle, hard, in.u16(), in.u16());
    int known = Learn.SEND_FLOW_REMOVED | Learn.DELETE_LEARNED;
    known |= extended ? Learn.WRITE_RESULT : 0;
    if (table == 0xff || (flags & ~known) != 0) {
      throw in.bad(OfError.OFPBAC_BAD_ARGUMENT);
    }
    int limit = extended ? in.u32() : 0;
    int resultStart = extended ? in.u16() : 0;
    if (extended) {
      in.zeros(2, OfError.OFPBAC_BAD_ARGUMENT);
    }
    FieldSlice result = null;
    if ((flags & Learn.WRITE_RESULT) != 0) {
      result = Oxm.readSlice(in, resultStart, 1, OfError.OFPBAC_BAD_ARGUMENT);
    }
    List<Learn.Spec> specs = readSpecs(in);
    boolean needless = extended && limit == 0 && result == null;
    int shown = needless ? flags | Learn.EXTENDED : flags;
    return new Learn(timeouts, priority, cookie, shown, table, limit, result, specs);
  }

  private static List<Learn.Spec> readSpecs(WireReader in) {
    List<Learn.Spec> specs = new ArrayList<>();
    while (in.left() >= 2) {
      int header = in.u16();
      if (header == 0) {
        break;
      }
      specs.add(readSpec(in, header));
    }
    in.zeroRest(OfError.OFPBAC_BAD_ARGUMENT);
    return specs;
  }

  private static Learn.Spec readSpec(WireReader in, int header) {
    int bits = header & BITS_MASK;
    int kind = header & TARGET_MASK;
    boolean constant = (header & CONSTANT) != 0;
    boolean known = kind == 0 || kind == LOAD || (kind == OUTPUT && !constant);
    if (!known || bits == 0 || bits > 128) {
      throw in.bad(OfError.OFPBAC_BAD_ARGUMENT);
    }
    if (kind == OUTPUT) {
      return new Learn.OutputTo(readSlice(in, bits));
    }
    Learn.Source source =
        constant ? readConstant(in, bits) : new Learn.FromField(readSlice(in, bits));
    FieldSlice target = readSlice(in, bits);
    return kind == 0 ? new Learn.MatchOn(target, source) : new Learn.LoadInto(target, source);
  }

  private static Learn.Source readConstant(WireReader in, int bits) {
    int bytes = constantBytes(bits);
    long high = bytes > 8 ? in.uint(bytes - 8) : 0;
    long low = in.uint(Math.min(bytes, 8));
    boolean wide = bits > Long.SIZE;
    return new Learn.Constant(
        wide ? high & ones(bits - Long.SIZE) : 0, wide ? low : low & ones(bits));
  }

  private static long ones(int bits) {
    return bits >= Long.SIZE ? -1L : (1L << bits) - 1;
  }

  private static FieldSlice readSlice(WireReader in, int bits) {
    Field field = Oxm.readField(in);
    return Oxm.slice(in, field, in.u16(), bits, OfError.OFPBAC_BAD_ARGUMENT);
  }
}
