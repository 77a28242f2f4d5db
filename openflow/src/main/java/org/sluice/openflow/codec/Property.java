package org.sluice.openflow.codec;

import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.Vendor;

/**
 * A property: type and length (16 bits each, without padding), value, zeros up to 8 bytes. An
 * experimenter's, type 0xffff, has the experimenter and its own type (32 bits each) before the
 * value.
 *
 * @param type the experimenter's own where {@code experimenter} is not 0
 * @param value reads the value; its end is an error of the property's length
 */
record Property(int experimenter, int type, WireReader value) {
  static final int EXPERIMENTER = 0xffff;

  private static final int EXPERIMENTER_BYTES = 12;

  static Property read(WireReader in) {
    return read(in, EXPERIMENTER);
  }

  /** {@code minExperimenter}: types from this on are experimenters'. */
  static Property read(WireReader in, int minExperimenter) {
    if (in.left() < 4) {
      throw in.bad(OfError.OFPBPC_BAD_LEN);
    }
    int length = in.peekU16(2);
    int padded = (length + 7) & ~7;
    if (length < 4 || padded > in.left()) {
      throw in.bad(OfError.OFPBPC_BAD_LEN);
    }
    WireReader all = in.sub(padded, OfError.OFPBPC_BAD_LEN);
    WireReader exact = all.sub(length, OfError.OFPBPC_BAD_LEN);
    int type = exact.u16();
    exact.skip(2);
    if (type < minExperimenter) {
      return new Property(Vendor.STANDARD, type, exact);
    }
    if (length < EXPERIMENTER_BYTES) {
      throw in.bad(OfError.OFPBPC_BAD_LEN);
    }
    int experimenter = exact.u32();
    if (experimenter == 0) {
      throw in.bad(OfError.OFPBPC_BAD_EXPERIMENTER);
    }
    return new Property(experimenter, exact.u32(), exact);
  }

  boolean isExperimenter() {
    return experimenter != Vendor.STANDARD;
  }

  /** The type where it is the standard's or the message's own; -1 for an experimenter's. */
  int ownType() {
    return isExperimenter() ? -1 : type;
  }

  /** What to answer to a property that is not known. */
  BadWireException unknown() {
    return value.bad(isExperimenter() ? OfError.OFPBPC_BAD_EXP_TYPE : OfError.OFPBPC_BAD_TYPE);
  }

  /** The same, with a warning that names {@code what} the property is of. */
  BadWireException unknown(String module, String what) {
    String text =
        isExperimenter()
            ? "unknown %s property type for exp_id 0x%x, exp_type %d"
                .formatted(what, experimenter, type)
            : "unknown %s property type %d".formatted(what, type);
    value.warn(module, text);
    return unknown();
  }

  /** A number of 8 bits, which padding may follow. */
  int u8() {
    return value.u8();
  }

  /** A number of 16 bits, which padding may follow. */
  int u16() {
    return value.u16();
  }

  int u32() {
    int number = value.u32();
    requireEnd();
    return number;
  }

  long u64() {
    value.skip(4);
    long number = value.u64();
    requireEnd();
    return number;
  }

  /** A property whose value is properties. */
  WireReader nested() {
    return value.skip(4);
  }

  private void requireEnd() {
    if (!value.isEmpty()) {
      throw value.bad(OfError.OFPBPC_BAD_LEN);
    }
  }

  static int start(WireWriter out, int type) {
    int start = out.size();
    out.u16(type).u16(0);
    return start;
  }

  static int startExperimenter(WireWriter out, int experimenter, int type) {
    int start = start(out, EXPERIMENTER);
    out.u32(experimenter).u32(type);
    return start;
  }

  static void finish(WireWriter out, int start) {
    out.setLength(start);
    out.pad8(start);
  }

  static void writeU8(WireWriter out, int type, int value) {
    int start = start(out, type);
    out.u8(value);
    finish(out, start);
  }

  /** The length counts two bytes of padding too, as the standard has it. */
  static void writeU16(WireWriter out, int type, int value) {
    int start = start(out, type);
    out.u16(value).u16(0);
    finish(out, start);
  }

  static void writeU32(WireWriter out, int type, int value) {
    int start = start(out, type);
    out.u32(value);
    finish(out, start);
  }

  static void writeU64(WireWriter out, int type, long value) {
    int start = start(out, type);
    out.zeros(4).u64(value);
    finish(out, start);
  }

  static void writeBytes(WireWriter out, int type, Bytes value) {
    int start = start(out, type);
    out.bytes(value);
    finish(out, start);
  }
}
