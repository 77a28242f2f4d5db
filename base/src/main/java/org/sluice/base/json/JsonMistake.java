package org.sluice.base.json;

/**
 * What is wrong with JSON, and where: its line, the byte in the line and the byte in the text, each
 * counted from 0. Immutable.
 */
public final class JsonMistake extends Exception {
  private static final long serialVersionUID = 1L;

  JsonMistake(int line, long column, long offset, String what) {
    super(
        "line %d, column %d, byte %d: %s".formatted(line, column, offset, what),
        null,
        false,
        false);
  }
}
