package org.sluice.tools.ofctl;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Bytes that somebody wrote as hexadecimal digits. */
final class HexInput {
  private HexInput() {}

  /**
   * Pairs of digits, with blanks between the pairs as one likes.
   *
   * @param otherwise what is said where something else follows
   */
  static byte[] parse(String text, String otherwise) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length() / 2);
    int at = skipBlanks(text, 0);
    while (at < text.length()) {
      int high = Character.digit(text.charAt(at), 16);
      int low = at + 1 < text.length() ? Character.digit(text.charAt(at + 1), 16) : -1;
      if (high < 0 || low < 0) {
        throw new OfctlException(otherwise);
      }
      bytes.write(high << 4 | low);
      at = skipBlanks(text, at + 2);
    }
    return bytes.toByteArray();
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  /** Standard input in lines. */
  static BufferedReader lines() {
    return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
  }
}
