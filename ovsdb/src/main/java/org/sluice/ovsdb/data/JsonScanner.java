package org.sluice.ovsdb.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/**
 * Walks over JSON byte by byte, for who knows what comes next and wants to make as little of it as
 * can be: a start on a large file runs in code that is not compiled yet. It understands what
 * databases write; what it does not (escapes that stand for half of a character, bytes that are not
 * UTF-8) it refuses, for another reader to look at. Used by one thread.
 */
public final class JsonScanner {
  private static final byte[] HEX = hex();
  private static final int UUID_LENGTH = 36;

  /** More digits may not fit into a long. */
  private static final int MAX_DIGITS = 18;

  private final byte[] bytes;
  private int at;

  // The string or number that was met last: where it stands, and whether it reads as it stands.
  private int from;
  private int to;
  private boolean escaped;
  private boolean ascii;

  /** Whether some digit was none. */
  private boolean bad;

  /** Begins at the beginning. */
  public JsonScanner(byte[] bytes) {
    this.bytes = bytes;
  }

  private static byte[] hex() {
    byte[] values = new byte[256];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < 16; i++) {
      values["0123456789abcdef".charAt(i)] = (byte) i;
      values["0123456789ABCDEF".charAt(i)] = (byte) i;
    }
    return values;
  }

  private void skipBlanks() {
    while (at < bytes.length && isBlank(bytes[at])) {
      at++;
    }
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** Whether nothing but blanks follows. */
  public boolean isAtEnd() {
    skipBlanks();
    return at == bytes.length;
  }

  /** Passes a bracket, comma or colon; false, and nothing is passed, if something else comes. */
  public boolean skip(char c) {
    if (at < bytes.length && bytes[at] == c) {
      at++;
      return true;
    }
    skipBlanks();
    if (at < bytes.length && bytes[at] == c) {
      at++;
      return true;
    }
    return false;
  }

  /** Passes a string, to be looked at by the methods below; false if it is not one. */
  public boolean string() {
    if (!skip('"')) {
      return false;
    }
    byte[] text = bytes;
    int i = at;
    int all = 0;
    escaped = false;
    from = i;
    while (i < text.length && text[i] != '"') {
      byte b = text[i];
      if (b == '\\') {
        escaped = true;
        i++;
      } else if (b >= 0 && b < ' ') {
        return false;
      }
      all |= b;
      i++;
    }
    to = i;
    ascii = all >= 0;
    at = i + 1;
    return i < text.length;
  }

  /** Whether the string reads like this, which is plain ASCII. */
  boolean isText(byte[] expected) {
    return !escaped && Arrays.equals(bytes, from, to, expected, 0, expected.length);
  }

  /** The string; null if it is not understood. */
  public String text() {
    if (escaped) {
      return unescaped();
    }
    if (ascii) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    return text.indexOf('\ufffd') < 0 ? text : null;
  }

  private String unescaped() {
    StringBuilder out = new StringBuilder(to - from);
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        int meaning = "\"\\/bfnrt".indexOf(text.charAt(++i));
        if (meaning < 0) {
          return null;
        }
        c = "\"\\/\b\f\n\r\t".charAt(meaning);
      } else if (c == '\ufffd') {
        return null;
      }
      out.append(c);
    }
    return out.toString();
  }

  /** An atom that holds the string; null if that is not understood. */
  Atom textAtom() {
    if (!escaped && ascii) {
      return AtomPool.of(bytes, from, to - from);
    }
    String text = text();
    return text == null ? null : Atom.ofRow(text);
  }

  /** The UUID that the string spells in full, or null. */
  public UUID uuid() {
    if (to - from != UUID_LENGTH || escaped) {
      return null;
    }
    long high = (hex(from, 8) << 32) | (hex(from + 9, 4) << 16) | hex(from + 14, 4);
    long low = (hex(from + 19, 4) << 48) | hex(from + 24, 12);
    boolean whole = !bad && isDash(8) && isDash(13) && isDash(18) && isDash(23);
    bad = false;
    return whole ? new UUID(high, low) : null;
  }

  private boolean isDash(int index) {
    return bytes[from + index] == '-';
  }

  private long hex(int start, int digits) {
    long value = 0;
    for (int i = start; i < start + digits; i++) {
      int digit = HEX[bytes[i] & 0xff];
      bad |= digit < 0;
      value = (value << 4) | (digit & 0xf);
    }
    return value;
  }

  /** Passes a number; false if it is not one. */
  public boolean number() {
    skipBlanks();
    from = at;
    int i = at;
    while (i < bytes.length && isOfNumber(bytes[i])) {
      i++;
    }
    to = i;
    at = i;
    return i > from;
  }

  private static boolean isOfNumber(byte b) {
    return (b >= '0' && b <= '9') || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
  }

  /** Whether the number is an integer that a long holds. */
  boolean isInteger() {
    int first = bytes[from] == '-' ? from + 1 : from;
    int digits = to - first;
    if (digits < 1 || digits > MAX_DIGITS || (bytes[first] == '0' && digits > 1)) {
      return false;
    }
    for (int i = first; i < to; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return true;
  }

  /** The number, which is an integer. */
  long integer() {
    int first = bytes[from] == '-' ? from + 1 : from;
    long value = 0;
    for (int i = first; i < to; i++) {
      value = 10 * value + bytes[i] - '0';
    }
    return first == from ? value : -value;
  }

  /** The number as it stands, which {@link Double#parseDouble} may or may not understand. */
  String numberText() {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  /** Passes {@code true}, {@code false} or {@code null}; false if something else comes. */
  public boolean word(String word) {
    skipBlanks();
    if (at + word.length() > bytes.length) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (bytes[at + i] != word.charAt(i)) {
        return false;
      }
    }
    at += word.length();
    return true;
  }

  /** Passes an integer that a long holds; false if something else comes. */
  public boolean integerComes() {
    return number() && isInteger();
  }

  /** Passes a text, an integer or a word; false if something else comes. */
  public boolean skipScalar() {
    if (string()) {
      return text() != null;
    }
    return integerComes() || word("true") || word("false") || word("null");
  }
}
