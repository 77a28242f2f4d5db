package org.sluice.base.log;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A line's layout: text with conversions, as ovs-appctl(8) describes them.
 *
 * <pre>
 *   % [-] [0] [width] conversion      %-5c  left-justified    %05N  zero-padded    %%  a percent
 *
 *   %A program   %B RFC5424 priority   %c module   %d{strftime} local time   %D{strftime} UTC
 *   %E host      %m message   %N sequence number   %n line break   %p level   %P process id
 *   %r ms since start   %t thread or "main"   %T "(thread)" or nothing
 *   In a time, ### stands for milliseconds.
 * </pre>
 *
 * <p>Immutable.
 */
final class LogPattern {
  /** What a line is made of. */
  record Line(
      Origin origin,
      int facility,
      String module,
      LogLevel level,
      String message,
      String thread,
      int sequence,
      long wallMs,
      long sinceStartMs) {}

  /** Which program on which machine speaks. */
  record Origin(String program, String host, long pid) {}

  private record Piece(
      String literal, char conversion, String argument, boolean left, boolean zero, int width) {}

  private static final String DEFAULT_TIME = "%Y-%m-%d %H:%M:%S.###";
  private static final Map<Character, String> STRFTIME =
      Map.ofEntries(
          Map.entry('Y', "yyyy"),
          Map.entry('m', "MM"),
          Map.entry('d', "dd"),
          Map.entry('H', "HH"),
          Map.entry('M', "mm"),
          Map.entry('S', "ss"),
          Map.entry('y', "yy"),
          Map.entry('b', "MMM"),
          Map.entry('B', "MMMM"),
          Map.entry('a', "EEE"),
          Map.entry('A', "EEEE"),
          Map.entry('j', "DDD"),
          Map.entry('F', "yyyy-MM-dd"),
          Map.entry('T', "HH:mm:ss"),
          Map.entry('Z', "zzz"),
          Map.entry('z', "xx"));

  private final String text;
  private final List<Piece> pieces;

  LogPattern(String text) {
    this.text = text;
    this.pieces = parse(text);
  }

  /** The pattern as it was given. */
  String text() {
    return text;
  }

  String format(Line line) {
    StringBuilder out = new StringBuilder();
    for (Piece piece : pieces) {
      out.append(padded(piece, piece.literal != null ? piece.literal : value(piece, line)));
    }
    return out.toString();
  }

  private static List<Piece> parse(String text) {
    List<Piece> pieces = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int percent = text.indexOf('%', at);
      if (percent < 0 || percent == text.length() - 1) {
        percent = text.length();
      }
      if (percent > at) {
        pieces.add(new Piece(text.substring(at, percent), ' ', "", false, false, 0));
      }
      at = percent == text.length() ? percent : parseConversion(text, percent + 1, pieces);
    }
    return pieces;
  }

  private static int parseConversion(String text, int start, List<Piece> pieces) {
    int at = start;
    boolean left = text.startsWith("-", at);
    at += left ? 1 : 0;
    boolean zero = text.startsWith("0", at);
    at += zero ? 1 : 0;
    int width = 0;
    while (at < text.length() && Character.isDigit(text.charAt(at))) {
      width = Math.min(width * 10 + text.charAt(at++) - '0', 1000);
    }
    if (at == text.length()) {
      return at;
    }
    char conversion = text.charAt(at++);
    String argument = "";
    boolean braces = conversion == 'c' || conversion == 'd' || conversion == 'D';
    if (braces && text.startsWith("{", at)) {
      int end = text.indexOf('}', at);
      end = end < 0 ? text.length() : end;
      argument = text.substring(at + 1, end);
      at = Math.min(end + 1, text.length());
    }
    pieces.add(new Piece(null, conversion, argument, left, zero, width));
    return at;
  }

  private static String padded(Piece piece, String value) {
    int missing = piece.width - value.length();
    if (missing <= 0) {
      return value;
    }
    return piece.left
        ? value + " ".repeat(missing)
        : (piece.zero ? "0" : " ").repeat(missing) + value;
  }

  private static String value(Piece piece, Line line) {
    return switch (piece.conversion) {
      case 'A' -> line.origin.program;
      case 'B' -> Integer.toString(line.facility + line.level.syslogPriority());
      case 'c' -> line.module;
      case 'd' -> time(piece.argument, line.wallMs, ZoneId.systemDefault());
      case 'D' -> time(piece.argument, line.wallMs, ZoneOffset.UTC);
      case 'E' -> line.origin.host;
      case 'm' -> withoutLineEnds(line.message);
      case 'N' -> Integer.toString(line.sequence);
      case 'n' -> "\n";
      case 'p' -> line.level.name();
      case 'P' -> Long.toString(line.origin.pid);
      case 'r' -> Long.toString(line.sinceStartMs);
      case 't' -> line.thread.isEmpty() ? "main" : line.thread;
      case 'T' -> line.thread.isEmpty() ? "" : "(" + line.thread + ")";
      default -> String.valueOf(piece.conversion);
    };
  }

  private static String time(String strftime, long wallMs, ZoneId zone) {
    ZonedDateTime time = Instant.ofEpochMilli(wallMs).atZone(zone);
    String wanted = strftime.isEmpty() ? DEFAULT_TIME : strftime;
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < wanted.length(); i++) {
      char c = wanted.charAt(i);
      if (wanted.startsWith("###", i)) {
        out.append(String.format("%03d", Math.floorMod(wallMs, 1000L)));
        i += 2;
      } else if (c == '%' && i + 1 < wanted.length()) {
        out.append(timePart(time, wanted.charAt(++i)));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String timePart(ZonedDateTime time, char conversion) {
    if (conversion == 's') {
      return Long.toString(time.toEpochSecond());
    }
    String format = STRFTIME.get(conversion);
    return format == null
        ? String.valueOf(conversion)
        : DateTimeFormatter.ofPattern(format, Locale.ROOT).format(time);
  }

  private static String withoutLineEnds(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '\n') {
      end--;
    }
    return text.substring(0, end);
  }
}
