package org.sluice.ovsdb.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Reads values byte by byte, without a tree in between: what {@link DatumReader} does, for who has
 * a lot to read that is very likely right. What it does not understand it returns as null, for
 * {@link DatumReader} to look at and complain about. Used by one thread.
 */
public final class DatumParser {
  private static final int FIRST_CAPACITY = 8;
  private static final byte[] UUID_TAG = "uuid".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SET_TAG = "set".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MAP_TAG = "map".getBytes(StandardCharsets.US_ASCII);

  private static final Pattern REAL =
      Pattern.compile("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][-+]?[0-9]{1,3})?");

  private final JsonScanner json;
  private Atom[] keys = new Atom[FIRST_CAPACITY];
  private Atom[] values = new Atom[FIRST_CAPACITY];
  private int count;

  /** Reads from {@code json}. */
  public DatumParser(JsonScanner json) {
    this.json = json;
  }

  /** The value that comes next; null if it is not understood. */
  public Datum read(ColumnType type) throws OvsdbException {
    if (!json.skip('[')) {
      Atom atom = type.isMap() ? null : plain(type.key());
      return atom == null ? null : Datum.of(atom);
    }
    if (!json.string()) {
      return null;
    }
    if (json.isText(UUID_TAG)) {
      Atom atom = type.isMap() ? null : restOfUuid(type.key());
      return atom == null ? null : Datum.of(atom);
    }
    boolean wanted = json.isText(type.isMap() ? MAP_TAG : SET_TAG);
    return wanted && json.skip(',') && json.skip('[') ? elements(type) : null;
  }

  private Datum elements(ColumnType type) throws OvsdbException {
    count = 0;
    boolean more = !json.skip(']');
    while (more) {
      if (!element(type)) {
        return null;
      }
      more = json.skip(',');
      if (!more && !json.skip(']')) {
        return null;
      }
    }
    return json.skip(']') && type.allowsSize(count) ? sorted(type) : null;
  }

  private boolean element(ColumnType type) throws OvsdbException {
    if (count == keys.length) {
      keys = Arrays.copyOf(keys, 2 * count);
      values = Arrays.copyOf(values, 2 * count);
    }
    if (!type.isMap()) {
      keys[count] = atom(type.key());
      return keys[count++] != null;
    }
    if (!json.skip('[')) {
      return false;
    }
    keys[count] = atom(type.key());
    boolean pair = keys[count] != null && json.skip(',');
    values[count] = pair ? atom(type.value()) : null;
    return values[count++] != null && json.skip(']');
  }

  private Atom atom(BaseType type) throws OvsdbException {
    if (!json.skip('[')) {
      return plain(type);
    }
    return json.string() && json.isText(UUID_TAG) ? restOfUuid(type) : null;
  }

  private Atom restOfUuid(BaseType type) {
    if (type.atomic() != AtomicType.UUID || !json.skip(',') || !json.string()) {
      return null;
    }
    UUID uuid = json.uuid();
    return uuid == null || !json.skip(']') ? null : Atom.of(uuid);
  }

  private Atom plain(BaseType type) throws OvsdbException {
    Atom atom =
        switch (type.atomic()) {
          case STRING -> json.string() ? json.textAtom() : null;
          case INTEGER -> json.number() && json.isInteger() ? Atom.of(json.integer()) : null;
          case REAL -> json.number() ? real() : null;
          case BOOLEAN ->
              json.word("true") ? Atom.of(true) : json.word("false") ? Atom.of(false) : null;
          case UUID -> null;
        };
    if (atom != null) {
      type.check(atom);
    }
    return atom;
  }

  private Atom real() {
    if (json.isInteger()) {
      return Atom.ofReal((double) json.integer());
    }
    String text = json.numberText();
    return REAL.matcher(text).matches() ? Atom.ofReal(Double.parseDouble(text)) : null;
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
