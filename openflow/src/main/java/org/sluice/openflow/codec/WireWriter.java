package org.sluice.openflow.codec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.Bytes;

/** Big-endian bytes that grow. Used by one thread. */
final class WireWriter {
  private byte[] buffer = new byte[256];
  private int size;

  /** Where the switch that writes has tunnel options; null for others. */
  private final OptionLayout options;

  WireWriter() {
    this(null);
  }

  WireWriter(OptionLayout options) {
    this.options = options;
  }

  /** Whether it is a switch that writes, which knows the length of tunnel options. */
  boolean isOfSwitch() {
    return options != null;
  }

  /** Bytes that actions say of a tunnel option: the most that it can have, where that is open. */
  int bytesOf(Field option) {
    return options == null ? OptionLayout.MAX_OPTION_BYTES : options.bytes(option);
  }

  int size() {
    return size;
  }

  /** Forgets all after the first {@code newSize} bytes. */
  void truncate(int newSize) {
    assert newSize <= size;
    size = newSize;
  }

  byte[] toArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** A copy of what was written from {@code from} on. */
  byte[] since(int from) {
    return Arrays.copyOfRange(buffer, from, size);
  }

  private int grow(int count) {
    if (size + count > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + count));
    }
    int at = size;
    size += count;
    return at;
  }

  WireWriter u8(int value) {
    // The buffer may be another one after it has grown.
    int at = grow(1);
    buffer[at] = (byte) value;
    return this;
  }

  WireWriter u16(int value) {
    return uint(value, 2);
  }

  WireWriter u32(long value) {
    return uint(value, 4);
  }

  WireWriter u64(long value) {
    return uint(value, 8);
  }

  WireWriter mac(long value) {
    return uint(value, 6);
  }

  /** The low {@code count} bytes of {@code value}, most significant first. */
  WireWriter uint(long value, int count) {
    int at = grow(count);
    put(at, value, count);
    return this;
  }

  private void put(int at, long value, int count) {
    for (int i = count - 1; i >= 0; i--) {
      buffer[at + i] = (byte) value;
      value >>>= 8;
    }
  }

  /** A number of up to 16 bytes. */
  WireWriter wide(long high, long low, int count) {
    if (count > 8) {
      uint(high, count - 8);
      return u64(low);
    }
    return uint(low, count);
  }

  WireWriter bytes(Bytes bytes) {
    return bytes(bytes.toArray());
  }

  WireWriter bytes(byte[] bytes) {
    int at = grow(bytes.length);
    System.arraycopy(bytes, 0, buffer, at, bytes.length);
    return this;
  }

  WireWriter zeros(int count) {
    int at = grow(count);
    Arrays.fill(buffer, at, at + count, (byte) 0);
    return this;
  }

  /** Zeros up to a multiple of 8 bytes after {@code start}. */
  WireWriter pad8(int start) {
    return zeros(-(size - start) & 7);
  }

  /** ASCII text cut or filled with zeros to {@code count} bytes, the last always zero. */
  WireWriter text(String text, int count) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(encoded.length, count - 1);
    int at = grow(count);
    System.arraycopy(encoded, 0, buffer, at, length);
    Arrays.fill(buffer, at + length, at + count, (byte) 0);
    return this;
  }

  void setU16(int at, int value) {
    put(at, value, 2);
  }

  /** Writes at {@code start + 2} how many bytes there are since {@code start}. */
  void setLength(int start) {
    setU16(start + 2, size - start);
  }
}
