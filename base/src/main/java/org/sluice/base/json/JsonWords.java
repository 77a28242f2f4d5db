package org.sluice.base.json;

import java.nio.charset.StandardCharsets;

/** The words of JSON. Stateless. */
final class JsonWords {
  private static final int LONGEST_SHOWN = 1000;

  private JsonWords() {}

  /** What is wrong with a word of letters, or null. */
  static String mistakeIn(byte[] bytes, int from, int to) {
    int shown = Math.min(to - from, LONGEST_SHOWN);
    String word = new String(bytes, from, shown, StandardCharsets.ISO_8859_1);
    boolean known = word.equals("true") || word.equals("false") || word.equals("null");
    return known ? null : "invalid keyword '" + word + "'";
  }
}
