package org.sluice.openflow.text;

import java.io.IOException;
import java.io.Reader;
import java.util.Objects;

/**
 * The lines of a text, read as they are asked for, so that a large file is never held as a whole.
 * Lines end with a line feed, the last one also without. Used by one thread.
 */
final class TextLines {
  /** The longest line; what an OpenFlow message can say is shorter even as text. */
  static final int MAX_CHARS = 4 << 20;

  private static final int BUFFER_CHARS = 1 << 14;

  private final Reader in;
  private final char[] buffer = new char[BUFFER_CHARS];
  private int at;
  private int end;

  TextLines(Reader in) {
    this.in = in;
  }

  /**
   * The next line without its end; null after the last.
   *
   * @throws OfSyntaxException if it is longer than {@link #MAX_CHARS}
   */
  String next() throws IOException, OfSyntaxException {
    StringBuilder line = null;
    while (fill()) {
      int start = at;
      while (at < end && buffer[at] != '\n') {
        at++;
      }
      line = Objects.requireNonNullElseGet(line, StringBuilder::new);
      line.append(buffer, start, at - start);
      if (line.length() > MAX_CHARS) {
        throw new OfSyntaxException("line is longer than " + MAX_CHARS + " characters");
      }
      if (at < end) {
        at++;
        return line.toString();
      }
    }
    return line == null ? null : line.toString();
  }

  /** Has something in the buffer; false at the end. */
  private boolean fill() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, in.read(buffer));
    }
    return at < end;
  }
}
