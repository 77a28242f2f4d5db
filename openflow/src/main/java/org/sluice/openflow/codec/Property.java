package org.sluice.openflow.codec;

import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.OfError;

/**
 * A property: type and length (16 bits each, without padding), value, zeros up to 8 bytes.
 *
 * @param value reads the value; its end is an error of the message's length
 */
record Property(int type, WireReader value) {
  static final int EXPERIMENTER = 0xffff;

  static Property read(WireReader in) {
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
    return new Property(type, exact.skip(2));
  }

  int u8() {
    return single(value.u8());
  }

  int u16() {
    return single(value.u16());
  }

  int u32() {
    return single(value.u32());
  }

  long u64() {
    value.skip(4);
    long number = value.u64();
    single(0);
    return number;
  }

  private int single(int number) {
    if (!value.isEmpty()) {
      throw value.bad(OfError.OFPBPC_BAD_LEN);
    }
    return number;
  }

  static int start(WireWriter out, int type) {
    int start = out.size();
    out.u16(type).u16(0);
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

  static void writeU16(WireWriter out, int type, int value) {
    int start = start(out, type);
    out.u16(value);
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
