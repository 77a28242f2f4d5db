package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;

/**
 * Reads values from a stream of tokens, without a tree in between: what {@link DatumReader} does,
 * for who has a lot to read that is very likely right. What it does not understand it returns as
 * null, for {@link DatumReader} to look at and complain about. Used by one thread.
 */
public final class DatumParser {
  private static final int FIRST_CAPACITY = 8;

  private final JsonParser parser;
  private Atom[] keys = new Atom[FIRST_CAPACITY];
  private Atom[] values = new Atom[FIRST_CAPACITY];
  private int count;

  /** Reads from {@code parser}. */
  public DatumParser(JsonParser parser) {
    this.parser = parser;
  }

  /** The value whose first token is the parser's current one; null if it is not understood. */
  public Datum read(ColumnType type) throws IOException, OvsdbException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      Atom atom = type.isMap() ? null : plain(type.key());
      return atom == null ? null : Datum.of(atom);
    }
    if (parser.nextToken() != JsonToken.VALUE_STRING) {
      return null;
    }
    return switch (parser.getText()) {
      case "uuid" -> {
        Atom atom = type.isMap() ? null : restOfUuid(type.key());
        yield atom == null ? null : Datum.of(atom);
      }
      case "set" -> type.isMap() ? null : elements(type);
      case "map" -> type.isMap() ? elements(type) : null;
      default -> null;
    };
  }

  private Datum elements(ColumnType type) throws IOException, OvsdbException {
    if (parser.nextToken() != JsonToken.START_ARRAY) {
      return null;
    }
    count = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (!element(type)) {
        return null;
      }
    }
    return parser.nextToken() == JsonToken.END_ARRAY && type.allowsSize(count)
        ? sorted(type)
        : null;
  }

  private boolean element(ColumnType type) throws IOException, OvsdbException {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    if (!type.isMap()) {
      keys[count] = atom(type.key());
      return keys[count++] != null;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return false;
    }
    parser.nextToken();
    keys[count] = atom(type.key());
    parser.nextToken();
    values[count] = atom(type.value());
    boolean whole = keys[count] != null && values[count] != null;
    count++;
    return whole && parser.nextToken() == JsonToken.END_ARRAY;
  }

  private Atom atom(BaseType type) throws IOException, OvsdbException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      return plain(type);
    }
    boolean uuid = parser.nextToken() == JsonToken.VALUE_STRING && parser.getText().equals("uuid");
    return uuid ? restOfUuid(type) : null;
  }

  private Atom restOfUuid(BaseType type) throws IOException {
    if (type.atomic() != AtomicType.UUID || parser.nextToken() != JsonToken.VALUE_STRING) {
      return null;
    }
    UUID uuid = Uuids.parse(parser.getText());
    return uuid == null || parser.nextToken() != JsonToken.END_ARRAY ? null : Atom.of(uuid);
  }

  private Atom plain(BaseType type) throws IOException, OvsdbException {
    JsonToken token = parser.currentToken();
    Atom atom =
        switch (type.atomic()) {
          case STRING -> token == JsonToken.VALUE_STRING ? Atom.ofRow(parser.getText()) : null;
          case INTEGER -> isLong(token) ? Atom.of(parser.getLongValue()) : null;
          case REAL -> token.isNumeric() ? Atom.ofReal(parser.getDoubleValue()) : null;
          case BOOLEAN -> token.isBoolean() ? Atom.of(token == JsonToken.VALUE_TRUE) : null;
          case UUID -> null;
        };
    if (atom != null) {
      type.check(atom);
    }
    return atom;
  }

  private boolean isLong(JsonToken token) throws IOException {
    return token == JsonToken.VALUE_NUMBER_INT
        && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
  }

  /** In order; null if a key stands twice. */
  private Datum sorted(ColumnType type) {
    for (int i = 1; i < count; i++) {
      int order = keys[i - 1].compareTo(keys[i]);
      if (order == 0) {
        return null;
      }
      if (order > 0) {
        return sortedAnew(type);
      }
    }
    return Datum.ofSorted(
        Arrays.copyOf(keys, count), type.isMap() ? Arrays.copyOf(values, count) : null);
  }

  private Datum sortedAnew(ColumnType type) {
    Integer[] places = new Integer[count];
    Arrays.setAll(places, i -> i);
    Arrays.sort(places, (a, b) -> keys[a].compareTo(keys[b]));
    Atom[] sortedKeys = new Atom[count];
    Atom[] sortedValues = type.isMap() ? new Atom[count] : null;
    for (int i = 0; i < count; i++) {
      sortedKeys[i] = keys[places[i]];
      if (type.isMap()) {
        sortedValues[i] = values[places[i]];
      }
      if (i > 0 && sortedKeys[i].equals(sortedKeys[i - 1])) {
        return null;
      }
    }
    return Datum.ofSorted(sortedKeys, sortedValues);
  }
}
