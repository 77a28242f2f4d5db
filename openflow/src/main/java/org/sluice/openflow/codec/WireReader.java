package org.sluice.openflow.codec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;

/**
 * Reads big-endian bytes up to a limit, past which it finds {@code tooShort}, and collects notes
 * for the log. One thread.
 */
final class WireReader {
  /** What actions can move about in a switch: as much as any other field has. */
  private static final int MAX_SLICE_BITS = 128;

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** 2^64 divided by the golden ratio: a factor that spreads bits. */
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

  private final byte[] buffer;
  private int position;
  private final int limit;
  private final OfError tooShort;
  private final List<Note> notes;

  /** Where the switch that reads has tunnel options; null where any may have any length. */
  private final OptionLayout options;

  WireReader(byte[] buffer) {
    this(buffer, new ArrayList<>());
  }

  /** Adds to {@code notes}. */
  WireReader(byte[] buffer, List<Note> notes) {
    this(buffer, notes, null);
  }

  /** As a switch reads that has tunnel options as {@code options} says. */
  WireReader(byte[] buffer, List<Note> notes, OptionLayout options) {
    this(buffer, 0, buffer.length, OfError.OFPBRC_BAD_LEN, notes, options);
  }

  private WireReader(
      byte[] buffer,
      int position,
      int limit,
      OfError tooShort,
      List<Note> notes,
      OptionLayout options) {
    this.buffer = buffer;
    this.notes = notes;
    this.options = options;
    this.position = position;
    this.limit = limit;
    this.tooShort = tooShort;
  }

  OptionLayout options() {
    return options;
  }

  /** How many bits of {@code field} an action can name. */
  int bitsOf(Field field) {
    boolean mapped = options != null && field.isOption();
    return mapped ? Math.min(Byte.SIZE * options.bytes(field), MAX_SLICE_BITS) : field.bits();
  }

  int left() {
    return limit - position;
  }

  int position() {
    return position;
  }

  boolean isEmpty() {
    return position == limit;
  }

  BadWireException bad(OfError error) {
    return new BadWireException(error);
  }

  /** The same, with a warning for the log. */
  BadWireException bad(OfError error, String module, String warning) {
    warn(module, warning);
    return new BadWireException(error);
  }

  /** The number that 32 wire bits stand for; -1, with a warning, where the switch has none such. */
  int port(int wire) {
    int port = OfPort.fromWire(wire);
    if (port < 0) {
      warn(
          "ofp_port",
          "port %d is outside the supported range 0 through %d or 0x%x through 0xffffffff"
              .formatted(wire & 0xffff_ffffL, OfPort.MAX - 1, OfPort.toWire(OfPort.MAX)));
    }
    return port;
  }

  /** The same; where the switch has none such, the message is refused. */
  int port(int wire, OfError error) {
    int port = port(wire);
    if (port < 0) {
      throw bad(error);
    }
    return port;
  }

  void warn(String module, String text) {
    note(Note.Remark.warning(module, text));
  }

  void note(Note note) {
    notes.add(note);
  }

  List<Note> notes() {
    return notes;
  }

  private int take(int count) {
    if (count < 0 || count > limit - position) {
      throw new BadWireException(tooShort);
    }
    int at = position;
    position += count;
    return at;
  }

  int u8() {
    return buffer[take(1)] & 0xff;
  }

  int u16() {
    return (int) uint(2);
  }

  int u32() {
    return (int) uint(4);
  }

  long unsigned32() {
    return uint(4);
  }

  long u64() {
    return uint(8);
  }

  long mac() {
    return uint(6);
  }

  /** The next {@code count} bytes, at most 8, as a number. */
  long uint(int count) {
    int at = take(count);
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 8 | (buffer[at + i] & 0xff);
    }
    return value;
  }

  /** The next bytes, which are not taken. */
  Bytes peek(int count) {
    Bytes next = bytes(count);
    position -= count;
    return next;
  }

  /** All that is left, which is not taken. */
  byte[] peekRest() {
    return Arrays.copyOfRange(buffer, position, limit);
  }

  /** Whether what is left is {@code bytes}. */
  boolean isRest(byte[] bytes) {
    return Arrays.equals(buffer, position, limit, bytes, 0, bytes.length);
  }

  /** A hash of what is left, of which the low bits are good. */
  int hashOfRest() {
    long hash = left();
    for (int at = position; at < limit; at += Long.BYTES) {
      long word = limit - at >= Long.BYTES ? (long) WORD.get(buffer, at) : buffer[limit - 1];
      hash = (hash ^ word) * SPREAD;
      hash ^= hash >>> 32;
    }
    return (int) hash;
  }

  /** The 16 bits at {@code offset} from here, which are not taken. */
  int peekU16(int offset) {
    if (left() < offset + 2) {
      throw new BadWireException(tooShort);
    }
    return (buffer[position + offset] & 0xff) << 8 | (buffer[position + offset + 1] & 0xff);
  }

  WireReader skip(int count) {
    take(count);
    return this;
  }

  /** Skips padding up to a multiple of 8 bytes after {@code start}. */
  void pad8(int start) {
    skip(-(position - start) & 7);
  }

  Bytes bytes(int count) {
    return Bytes.of(array(count));
  }

  byte[] array(int count) {
    int at = take(count);
    return Arrays.copyOfRange(buffer, at, at + count);
  }

  Bytes rest() {
    return bytes(left());
  }

  String text(int count) {
    byte[] raw = array(count);
    int length = 0;
    while (length < count && raw[length] != 0) {
      length++;
    }
    return new String(raw, 0, length, StandardCharsets.UTF_8);
  }

  /** A reader of the next {@code count} bytes, which finds {@code error} at their end. */
  WireReader sub(int count, OfError error) {
    if (count < 0 || count > left()) {
      throw new BadWireException(error);
    }
    int at = take(count);
    return new WireReader(buffer, at, at + count, error, notes, options);
  }

  /** Takes the next {@code count} bytes, which must be zero or it is {@code error}. */
  void zeros(int count, OfError error) {
    int at = take(count);
    for (int i = at; i < at + count; i++) {
      if (buffer[i] != 0) {
        throw new BadWireException(error);
      }
    }
  }

  /** All that is left must be zero. */
  void zeroRest(OfError error) {
    zeros(left(), error);
  }
}
