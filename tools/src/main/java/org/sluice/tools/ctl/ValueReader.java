package org.sluice.tools.ctl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;

/**
 * Reads values as people type them: {@code 5}, {@code [1, 2]}, {@code 1-4}, {@code {k=v, l=w}}; the
 * outer brackets may be left out unless there is nothing in them. Used by one thread.
 */
final class ValueReader {
  private static final Pattern INTEGER = Pattern.compile("\\s*([+-]?[0-9]+)");
  private static final Pattern RANGE = Pattern.compile("\\s*([+-]?[0-9]+)-([+-]?[0-9]+)");
  private static final long LONGEST_RANGE = 4096;

  private final Symbols symbols;

  /** {@code @names} are looked up in {@code symbols}. */
  ValueReader(Symbols symbols) {
    this.symbols = symbols;
  }

  /** Reads a value of {@code type}. */
  Datum datum(String text, ColumnType type) {
    Token token = new Token(text);
    token.skipBlanks();
    if (token.atEnd()) {
      throw new CtlFailure(
          type.isMap()
              ? "use \"{}\" to specify the empty map"
              : "use \"[]\" to specify the empty set");
    }
    boolean bracketed = token.skip(type.isMap() ? '{' : '[');
    char end = !bracketed ? 0 : type.isMap() ? '}' : ']';
    List<Atom> keys = new ArrayList<>();
    List<Atom> values = new ArrayList<>();
    token.skipBlanks();
    while (!token.atEnd() && token.peek() != end) {
      element(text, token, type, keys, values);
    }
    if (bracketed) {
      close(text, token, end);
    }
    checkSize(text, keys.size(), type);
    return build(text, keys, type.isMap() ? values : null);
  }

  private void element(
      String text, Token token, ColumnType type, List<Atom> keys, List<Atom> values) {
    if (Token.isDelimiter(token.peek())) {
      throw new CtlFailure(
          "%s: unexpected \"%c\" parsing %s", text, token.peek(), type.toEnglish());
    }
    String start = token.rest();
    keys(token.next(), type.key(), keys);
    if (type.isMap()) {
      token.skipBlanks();
      if (!token.skip('=')) {
        String found = token.atEnd() ? "" : String.valueOf(token.peek());
        throw new CtlFailure("%s: syntax error at \"%s\" expecting \"=\"", start, found);
      }
      token.skipBlanks();
      Atom value = atom(token.next(), type.value());
      while (values.size() < keys.size()) {
        values.add(value);
      }
    }
    token.skipBlanks();
    token.skip(',');
    token.skipBlanks();
  }

  private static void close(String text, Token token, char end) {
    if (!token.skip(end)) {
      throw new CtlFailure("%s: missing \"%c\" at end of data", text, end);
    }
    token.skipBlanks();
    if (!token.atEnd()) {
      throw new CtlFailure("%s: trailing garbage after \"%c\"", text, end);
    }
  }

  private static void checkSize(String text, int size, ColumnType type) {
    String what = type.isMap() ? "pair(s)" : "value(s)";
    if (size < type.min()) {
      throw new CtlFailure(
          "%s: %d %s specified but the minimum number is %d", text, size, what, type.min());
    }
    if (size > type.max()) {
      throw new CtlFailure(
          "%s: %d %s specified but the maximum number is %d", text, size, what, type.max());
    }
  }

  private static Datum build(String text, List<Atom> keys, List<Atom> values) {
    if (values == null) {
      Datum set = Datum.ofSet(keys);
      if (set.size() < keys.size()) {
        throw new CtlFailure("%s: set contains duplicate value", text);
      }
      return set;
    }
    Map<Atom, Atom> map = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      if (map.put(keys.get(i), values.get(i)) != null) {
        throw new CtlFailure("%s: map contains duplicate key", text);
      }
    }
    return Datum.ofMap(map);
  }

  /** One key, or all of a range. */
  private void keys(String text, BaseType type, List<Atom> keys) {
    Matcher range = RANGE.matcher(text);
    boolean integer = type.atomic() == AtomicType.INTEGER;
    if (!integer || !range.matches() || !isLong(range.group(1)) || !isLong(range.group(2))) {
      keys.add(atom(text, type));
      return;
    }
    long first = Long.parseLong(range.group(1));
    long last = Long.parseLong(range.group(2));
    if (last < first) {
      throw new CtlFailure("\"%s\" is not a valid range. Range end cannot be before start.", text);
    }
    check(Atom.of(first), type);
    check(Atom.of(last), type);
    if (Long.compareUnsigned(last - first, LONGEST_RANGE) >= 0) {
      throw new CtlFailure(
          "constraint violation: Range \"%d-%d\" is too big. Maximum allowed size is %d.",
          first, last, LONGEST_RANGE);
    }
    for (long i = first; i <= last; i++) {
      keys.add(check(Atom.of(i), type));
    }
  }

  /** Reads one atom of {@code type}. */
  Atom atom(String text, BaseType type) {
    return check(parse(text, type), type);
  }

  private static Atom check(Atom atom, BaseType type) {
    try {
      type.check(atom);
      return atom;
    } catch (OvsdbException e) {
      throw new CtlFailure("%s", e.error());
    }
  }

  private Atom parse(String text, BaseType type) {
    return switch (type.atomic()) {
      case INTEGER -> integer(text);
      case REAL -> real(text);
      case BOOLEAN -> bool(text);
      case STRING -> Atom.of(string(text));
      case UUID -> Atom.of(uuid(text, type));
    };
  }

  private static Atom integer(String text) {
    Matcher matcher = INTEGER.matcher(text);
    if (!matcher.matches() || !isLong(matcher.group(1))) {
      throw new CtlFailure("\"%s\" is not a valid integer or range", text);
    }
    return Atom.of(Long.parseLong(matcher.group(1)));
  }

  private static boolean isLong(String digits) {
    try {
      Long.parseLong(digits);
      return true;
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private static Atom real(String text) {
    try {
      return Atom.ofReal(Double.parseDouble(text));
    } catch (NumberFormatException _) {
      throw new CtlFailure("\"%s\" is not a valid real number", text);
    }
  }

  private static Atom bool(String text) {
    return switch (text) {
      case "true", "yes", "on", "1" -> Atom.of(true);
      case "false", "no", "off", "0" -> Atom.of(false);
      default ->
          throw new CtlFailure("\"%s\" is not a valid boolean (use \"true\" or \"false\")", text);
    };
  }

  /** A string as it is, or a JSON string if it begins with a quote. */
  static String string(String text) {
    if (text.isEmpty()) {
      throw new CtlFailure(
          "An empty string is not valid as input; use \"\" to represent the empty string");
    }
    if (text.charAt(0) != '"') {
      return text;
    }
    if (text.length() < 2 || !text.endsWith("\"")) {
      throw new CtlFailure("%s: missing quote at end of quoted string", text);
    }
    return QuotedText.unquote(text);
  }

  private UUID uuid(String text, BaseType type) {
    if (text.startsWith("@")) {
      return symbols.refer(text, type);
    }
    UUID uuid = Uuids.parse(text);
    if (uuid == null) {
      throw new CtlFailure("\"%s\" is not a valid UUID", text);
    }
    return uuid;
  }
}
