package org.sluice.ovsdb.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.sluice.base.json.RawText;

/**
 * Reads values from JSON and checks them against their type, complaining in OVSDB's words.
 * Stateless.
 *
 * <p>Where {@code names} is null, {@code named-uuid} is not accepted.
 */
public final class DatumReader {
  private record Pair(Atom key, Atom value) {}

  private DatumReader() {}

  /** Reads a {@code <value>} of {@code type}. */
  public static Datum read(JsonNode json, ColumnType type, NamedUuids names) throws OvsdbException {
    if (!type.isMap() && !isTagged(json, "set")) {
      return Datum.of(atom(json, type.key(), names));
    }
    String kind = type.isMap() ? "map" : "set";
    if (!isTagged(json, kind) || json.size() != 2 || !json.get(1).isArray()) {
      throw OvsdbError.syntax(json, "expected [\"%s\", <array>]".formatted(kind)).thrown();
    }
    JsonNode elements = json.get(1);
    checkSize(json, type, kind, elements.size());
    List<Pair> pairs = new ArrayList<>(elements.size());
    for (JsonNode element : elements) {
      pairs.add(pair(element, type, names));
    }
    return sorted(pairs, type);
  }

  private static boolean isTagged(JsonNode json, String tag) {
    return json.isArray() && json.size() > 0 && tag.equals(json.get(0).textValue());
  }

  private static void checkSize(JsonNode json, ColumnType type, String kind, int size)
      throws OvsdbException {
    if (type.allowsSize(size)) {
      return;
    }
    String text =
        type.min() == 1 && type.max() == 1
            ? "%s must have exactly one member but %d are present".formatted(kind, size)
            : "%s must have %d to %s members but %d are present"
                .formatted(kind, type.min(), type.maxText(), size);
    throw OvsdbError.syntax(json, text).thrown();
  }

  private static Pair pair(JsonNode json, ColumnType type, NamedUuids names) throws OvsdbException {
    if (!type.isMap()) {
      return new Pair(atom(json, type.key(), names), null);
    }
    if (!json.isArray() || json.size() != 2) {
      throw OvsdbError.syntax(json, "expected 2-element array").thrown();
    }
    return new Pair(atom(json.get(0), type.key(), names), atom(json.get(1), type.value(), names));
  }

  private static Datum sorted(List<Pair> pairs, ColumnType type) throws OvsdbException {
    pairs.sort(Comparator.comparing(Pair::key));
    for (int i = 1; i < pairs.size(); i++) {
      if (pairs.get(i - 1).key().equals(pairs.get(i).key())) {
        String text = type.isMap() ? "map contains duplicate key" : "set contains duplicate";
        throw OvsdbError.of("ovsdb error", text).thrown();
      }
    }
    Atom[] keys = pairs.stream().map(Pair::key).toArray(Atom[]::new);
    Atom[] values = type.isMap() ? pairs.stream().map(Pair::value).toArray(Atom[]::new) : null;
    return Datum.ofSorted(keys, values);
  }

  /** Reads an {@code <atom>} of {@code type}. */
  public static Atom atom(JsonNode json, BaseType type, NamedUuids names) throws OvsdbException {
    Atom atom = parse(json, type.atomic(), names);
    if (atom == null) {
      throw OvsdbError.syntax(json, "expected " + type.atomic().text()).thrown();
    }
    type.check(atom);
    checkText(json);
    return atom;
  }

  private static void checkText(JsonNode json) throws OvsdbException {
    String wrong = json.isTextual() ? RawText.wrongBytes(json.textValue()) : null;
    if (wrong != null) {
      String text = "not a valid UTF-8 string: invalid UTF-8 sequence " + wrong;
      throw OvsdbError.of("constraint violation", text).thrown();
    }
  }

  private static Atom parse(JsonNode json, AtomicType type, NamedUuids names)
      throws OvsdbException {
    return switch (type) {
      case INTEGER -> JsonIntegers.isInteger(json) ? Atom.of(json.longValue()) : null;
      case REAL -> json.isNumber() ? Atom.ofReal(json.doubleValue()) : null;
      case BOOLEAN -> json.isBoolean() ? Atom.of(json.booleanValue()) : null;
      case STRING -> json.isTextual() ? Atom.ofRow(json.textValue()) : null;
      case UUID -> Atom.of(uuid(json, names));
    };
  }

  private static UUID uuid(JsonNode json, NamedUuids names) throws OvsdbException {
    boolean pair = json.isArray() && json.size() == 2 && json.get(1).isTextual();
    if (pair && names != null && isTagged(json, "named-uuid")) {
      if (!Identifiers.isId(json.get(1).textValue())) {
        throw OvsdbError.syntax(json, "named-uuid string is not a valid <id>").thrown();
      }
      return names.uuidOf(json.get(1).textValue());
    }
    if (!pair || !isTagged(json, "uuid")) {
      throw OvsdbError.syntax(json, "expected [\"uuid\", <string>]").thrown();
    }
    UUID uuid = Uuids.parse(json.get(1).textValue());
    if (uuid == null) {
      String text = "\"%s\" is not a valid UUID".formatted(json.get(1).textValue());
      throw OvsdbError.syntax(json, text).thrown();
    }
    return uuid;
  }
}
