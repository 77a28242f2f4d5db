package org.sluice.base.json;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text that may have bytes in it which are not UTF-8: each such byte is half of a surrogate pair,
 * U+DC80 to U+DCFF by its value, so that nothing is lost and no proper text looks like it.
 * Stateless.
 */
public final class RawText {
  private static final int ESCAPE = 0xdc00;

  private RawText() {}

  /** The text in {@code length} bytes at {@code from}. */
  public static String decode(byte[] bytes, int from, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, from, length);
    CharBuffer out = CharBuffer.allocate(length);
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isError()) {
      for (int i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE | (in.get() & 0xff)));
      }
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  /** Whether all of {@code text} can be written as UTF-8. */
  public static boolean isProper(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** The bytes of {@code text}, those included that are not UTF-8. */
  public static byte[] encode(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    text.codePoints().forEach(c -> encode(c, out));
    return out.toByteArray();
  }

  private static void encode(int c, ByteArrayOutputStream out) {
    if (c >= (ESCAPE | 0x80) && c <= (ESCAPE | 0xff)) {
      out.write(c & 0xff);
    } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
      out.write(0xe0 | c >> 12);
      out.write(0x80 | (c >> 6 & 0x3f));
      out.write(0x80 | (c & 0x3f));
    } else {
      out.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The first bytes of {@code text} that are not UTF-8, as {@code 0xc3 0x28}; null if all are. */
  public static String wrongBytes(String text) {
    if (isProper(text)) {
      return null;
    }
    byte[] bytes = encode(text);
    int i = 0;
    while (i < bytes.length) {
      int length = Utf8Sequence.lengthAt(bytes, i);
      if (length < 0) {
        return hex(bytes, i, -length);
      }
      i += length;
    }
    return null;
  }

  /** What lies behind the end is a zero. */
  private static String hex(byte[] bytes, int from, int count) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < from + count; i++) {
      String space = out.isEmpty() ? "" : " ";
      out.append(space).append("0x%02x".formatted(i < bytes.length ? bytes[i] & 0xff : 0));
    }
    return out.toString();
  }
}
