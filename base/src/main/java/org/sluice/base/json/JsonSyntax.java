package org.sluice.base.json;

import java.util.Arrays;

/**
 * Goes over JSON text (one array or object, RFC 8259) byte by byte as it comes, and says what is
 * wrong with it as soon as that is certain, where Open vSwitch's parser says it and in its words.
 * Like that parser it takes any bytes of 128 and more inside strings, refuses what a C string or a
 * double cannot hold, and bounds the nesting. Used by one thread.
 */
public final class JsonSyntax {
  private static final int BITS = Long.SIZE;

  /** What the next token may be. */
  private enum Expected {
    BEGINNING,
    NAME_OR_END,
    NAME,
    COLON,
    MEMBER,
    MEMBER_END,
    ITEM_OR_END,
    ITEM,
    ITEM_END,
    NOTHING
  }

  /** What kind of token the next byte belongs to. */
  private enum Lexeme {
    NONE,
    WORD,
    NUMBER,
    STRING
  }

  private final int maxDepth;
  private Expected expected = Expected.BEGINNING;
  private Lexeme lexeme = Lexeme.NONE;

  /** One bit for each array (0) or object (1) that is open. */
  private long[] open = new long[1];

  private int depth;
  private int values;

  /** How many blanks before the text have been dropped. */
  private long dropped;

  /** How many bytes of the text have been looked at. */
  private int at;

  private int tokenStart;
  private boolean hasEscapes;

  /** Whether the next byte follows a backslash. */
  private boolean escaping;

  private int line;

  /** Where the line begins, dropped blanks included. */
  private long lineStart;

  /** Accepts arrays and objects in one another up to {@code maxDepth}. */
  public JsonSyntax(int maxDepth) {
    this.maxDepth = maxDepth;
  }

  /** Complains if {@code text} is anything but one array or object. */
  public static void check(byte[] text, int maxDepth) throws JsonMistake {
    JsonSyntax syntax = new JsonSyntax(maxDepth);
    syntax.walk(text, 0, text.length, false);
    syntax.end(text);
  }

  /** Begins anew. */
  public void reset() {
    expected = Expected.BEGINNING;
    dropped = 0;
    at = 0;
    values = 0;
    line = 0;
    lineStart = 0;
  }

  /** Whether nothing but blanks has come yet. */
  public boolean isAtBeginning() {
    return at == 0;
  }

  /** Counts a blank before the text, which the caller need not keep; false if it is none. */
  public boolean drop(byte b) {
    if (!isBlank(b)) {
      return false;
    }
    dropped++;
    if (b == '\n') {
      startLine(dropped);
    }
    return true;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }

  private void startLine(long start) {
    line++;
    lineStart = start;
  }

  /**
   * Looks at more of the text.
   *
   * @param bytes holds the text from {@code start} on, as far as it has come
   * @param end behind the last byte that has come
   * @return whether the text is whole; {@link #length} is its length then
   */
  public boolean scan(byte[] bytes, int start, int end) throws JsonMistake {
    walk(bytes, start, end, true);
    return expected == Expected.NOTHING;
  }

  /** How many values and names there have been. */
  public int values() {
    return values;
  }

  /** How many bytes have been looked at. */
  public int length() {
    return at;
  }

  private void walk(byte[] bytes, int start, int end, boolean stops) throws JsonMistake {
    int i = start + at;
    while (i < end && !(stops && expected == Expected.NOTHING)) {
      switch (lexeme) {
        case NONE -> {
          begin(bytes[i++]);
          at++;
        }
        case STRING -> i = string(bytes, start, i, end);
        case WORD, NUMBER -> i = plain(bytes, start, i, end);
      }
    }
  }

  private void begin(byte b) throws JsonMistake {
    switch (b) {
      case ' ', '\t', '\r' -> {}
      case '\n' -> startLine(dropped + at + 1);
      case '{', '}', '[', ']', ':', ',' -> token(b);
      case '"' -> {
        lexeme = Lexeme.STRING;
        tokenStart = at + 1;
        hasEscapes = false;
      }
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> {
        lexeme = Lexeme.NUMBER;
        tokenStart = at;
      }
      default -> {
        if (b < 'a' || b > 'z') {
          throw mistake("invalid character " + shown(b));
        }
        lexeme = Lexeme.WORD;
        tokenStart = at;
      }
    }
  }

  private static String shown(byte b) {
    return b >= ' ' && b <= '~' ? "'" + (char) b + "'" : "U+%04x".formatted(b & 0xff);
  }

  /** Goes on in a string; where it stops. */
  private int string(byte[] bytes, int start, int from, int end) throws JsonMistake {
    int i = from;
    while (i < end) {
      byte b = bytes[i];
      if (escaping) {
        escaping = false;
      } else if (b == '\\') {
        escaping = true;
        hasEscapes = true;
      } else if (b == '"') {
        at = i - start;
        endString(bytes, start);
        at++;
        return i + 1;
      } else if (b >= 0 && b < ' ') {
        at = i - start;
        throw mistake("U+%04X must be escaped in quoted string".formatted(b));
      }
      i++;
    }
    at = i - start;
    return i;
  }

  private void endString(byte[] bytes, int start) throws JsonMistake {
    if (hasEscapes) {
      complain(JsonEscapes.mistakeIn(bytes, start + tokenStart, start + at));
    }
    lexeme = Lexeme.NONE;
    token((byte) '"');
  }

  /** Goes on in a word or number, whose end shows in what follows; where it stops. */
  private int plain(byte[] bytes, int start, int from, int end) throws JsonMistake {
    boolean number = lexeme == Lexeme.NUMBER;
    int i = from;
    while (i < end && (number ? JsonNumbers.isPart(bytes[i]) : isLetter(bytes[i]))) {
      i++;
    }
    at = i - start;
    if (i < end) {
      endPlain(bytes, start);
    }
    return i;
  }

  private static boolean isLetter(byte b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private void endPlain(byte[] bytes, int start) throws JsonMistake {
    int from = start + tokenStart;
    int to = start + at;
    complain(
        lexeme == Lexeme.NUMBER
            ? JsonNumbers.mistakeIn(bytes, from, to)
            : JsonWords.mistakeIn(bytes, from, to));
    lexeme = Lexeme.NONE;
    token((byte) '0');
  }

  /**
   * Takes a bracket, comma or colon, {@code "} for any string, or {@code 0} for any other value.
   */
  private void token(byte kind) throws JsonMistake {
    switch (expected) {
      case BEGINNING -> {
        if (kind != '{' && kind != '[') {
          throw mistake("syntax error at beginning of input");
        }
        value(kind);
      }
      case NAME_OR_END, NAME -> name(kind);
      case COLON -> {
        if (kind != ':') {
          throw mistake("syntax error parsing object expecting ':'");
        }
        expected = Expected.MEMBER;
      }
      case ITEM_OR_END -> {
        if (kind == ']') {
          close();
        } else {
          value(kind);
        }
      }
      case MEMBER, ITEM -> value(kind);
      case MEMBER_END -> separator(kind, (byte) '}', Expected.NAME);
      case ITEM_END -> separator(kind, (byte) ']', Expected.ITEM);
      case NOTHING -> throw mistake("trailing garbage at end of input");
    }
  }

  private void name(byte kind) throws JsonMistake {
    if (kind == '"') {
      values++;
      expected = Expected.COLON;
    } else if (kind == '}' && expected == Expected.NAME_OR_END) {
      close();
    } else {
      throw mistake("syntax error parsing object expecting string");
    }
  }

  private void separator(byte kind, byte closing, Expected next) throws JsonMistake {
    if (kind == ',') {
      expected = next;
    } else if (kind == closing) {
      close();
    } else {
      throw mistake("syntax error expecting '%c' or ','".formatted((char) closing));
    }
  }

  private void value(byte kind) throws JsonMistake {
    values++;
    switch (kind) {
      case '{', '[' -> open(kind == '{');
      case '"', '0' -> afterValue();
      default -> throw mistake("syntax error expecting value");
    }
  }

  private void open(boolean object) throws JsonMistake {
    if (depth == maxDepth) {
      throw mistake("input exceeds maximum nesting depth " + maxDepth);
    }
    int word = depth / BITS;
    if (word == open.length) {
      open = Arrays.copyOf(open, 2 * word);
    }
    long bit = 1L << depth;
    open[word] = object ? open[word] | bit : open[word] & ~bit;
    depth++;
    expected = object ? Expected.NAME_OR_END : Expected.ITEM_OR_END;
  }

  private void close() {
    depth--;
    afterValue();
  }

  private void afterValue() {
    if (depth == 0) {
      expected = Expected.NOTHING;
    } else {
      boolean object = (open[(depth - 1) / BITS] & 1L << (depth - 1)) != 0;
      expected = object ? Expected.MEMBER_END : Expected.ITEM_END;
    }
  }

  /** Nothing follows. */
  private void end(byte[] bytes) throws JsonMistake {
    switch (lexeme) {
      case STRING -> throw mistake("unexpected end of input in quoted string");
      case WORD, NUMBER -> {
        endPlain(bytes, 0);
        at++; // whatever ended it is counted
      }
      case NONE -> {}
    }
    if (expected == Expected.BEGINNING) {
      throw mistake("empty input stream");
    }
    if (expected != Expected.NOTHING) {
      throw mistake("unexpected end of input");
    }
  }

  private void complain(String what) throws JsonMistake {
    if (what != null) {
      throw mistake(what);
    }
  }

  private JsonMistake mistake(String what) {
    long offset = dropped + at;
    return new JsonMistake(line, offset - lineStart, offset, what);
  }
}
