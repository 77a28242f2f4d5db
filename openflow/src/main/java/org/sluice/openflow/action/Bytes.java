package org.sluice.openflow.action;

import java.util.Arrays;
import java.util.HexFormat;

/** An immutable string of bytes, equal by content. */
public final class Bytes {
  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of {@code content}. */
  public static Bytes of(byte... content) {
    return content.length == 0 ? EMPTY : new Bytes(content.clone());
  }

  /** The bytes that pairs of hexadecimal digits stand for. */
  public static Bytes ofHex(String digits) {
    return new Bytes(HexFormat.of().parseHex(digits));
  }

  /** How many. */
  public int size() {
    return content.length;
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return content.length == 0;
  }

  /** The byte at {@code index}, 0 to 255. */
  public int get(int index) {
    return content[index] & 0xff;
  }

  /** A copy. */
  public byte[] toArray() {
    return content.clone();
  }

  /** Two digits for each byte, {@code separator} between bytes. */
  public String hex(String separator) {
    return HexFormat.ofDelimiter(separator).formatHex(content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return hex("");
  }
}
