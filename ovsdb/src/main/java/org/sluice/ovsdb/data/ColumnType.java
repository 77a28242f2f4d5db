package org.sluice.ovsdb.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * RFC 7047 {@code <type>}: a set of {@code min} to {@code max} keys, or a map of as many pairs. A
 * plain scalar is a set of exactly one. Immutable.
 *
 * @param key what the set's elements or the map's keys are
 * @param value what the map's values are; null for a set
 * @param min 0 or 1
 * @param max at least 1; {@link #UNLIMITED} for no bound
 */
public record ColumnType(BaseType key, BaseType value, int min, int max) {
  /** No upper bound on the number of elements. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Exactly one atom. */
  public static ColumnType scalar(BaseType key) {
    return new ColumnType(key, null, 1, 1);
  }

  /** Any number of atoms, at least one: the type of an enumeration. */
  public static ColumnType setOf(BaseType key) {
    return new ColumnType(key, null, 1, UNLIMITED);
  }

  /** The same element types with other bounds. */
  public ColumnType withBounds(int newMin, int newMax) {
    return new ColumnType(key, value, newMin, newMax);
  }

  /** Exactly one atom, not a map. */
  public boolean isScalar() {
    return value == null && min == 1 && max == 1;
  }

  /** At most one atom, not a map. */
  public boolean isOptionalScalar() {
    return value == null && min == 0 && max == 1;
  }

  /** Whether a value is a map. */
  public boolean isMap() {
    return value != null;
  }

  /** A set that may have more or less than one element. */
  public boolean isSet() {
    return value == null && (min != 1 || max != 1);
  }

  /** Whether a change is told as a difference of elements rather than as the new value. */
  public boolean isComposite() {
    return max > 1;
  }

  /** Whether keys or values keep other rows alive. */
  public boolean hasStrongReferences() {
    return key.isStrongReference() || (value != null && value.isStrongReference());
  }

  /** Whether keys or values name other rows without keeping them alive. */
  public boolean hasWeakReferences() {
    return key.isWeakReference() || (value != null && value.isWeakReference());
  }

  /** What a column holds when nobody set it. */
  public Datum defaultValue() {
    if (min == 0) {
      return Datum.EMPTY;
    }
    Atom first = Atom.defaultOf(key.atomic());
    return value == null ? Datum.of(first) : Datum.ofPair(first, Atom.defaultOf(value.atomic()));
  }

  /** Whether {@code value} is {@link #defaultValue}. */
  public boolean isDefault(Datum value) {
    if (min == 0 || value.isEmpty()) {
      return value.isEmpty() && min == 0;
    }
    return value.size() == 1
        && value.key(0).equals(Atom.defaultOf(key.atomic()))
        && (this.value == null || value.value(0).equals(Atom.defaultOf(this.value.atomic())));
  }

  /** Whether {@code size} elements are neither too few nor too many. */
  public boolean allowsSize(int size) {
    return size >= min && size <= max;
  }

  /** The largest number of elements as OVSDB's messages show it. */
  String maxText() {
    return max == UNLIMITED ? "4294967295" : Integer.toString(max);
  }

  /** A phrase for messages, such as {@code set of up to 4 strings}. */
  public String toEnglish() {
    if (isScalar()) {
      return key.atomic().text();
    }
    String bounds;
    if (max == UNLIMITED) {
      bounds = min == 0 ? " of" : " of %d or more".formatted(min);
    } else {
      bounds = min == 0 ? " of up to %d".formatted(max) : " of %d to %d".formatted(min, max);
    }
    return isMap()
        ? "map%s (%s, %s) pairs".formatted(bounds, key.atomic().text(), value.atomic().text())
        : "set%s %ss".formatted(bounds, key.atomic().text());
  }

  /** The schema's JSON. */
  public JsonNode toJson() {
    if (isScalar() && key.toJson().isTextual()) {
      return key.toJson();
    }
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("key", key.toJson());
    if (value != null) {
      json.set("value", value.toJson());
    }
    if (min != 1) {
      json.put("min", min);
    }
    if (max == UNLIMITED) {
      json.put("max", "unlimited");
    } else if (max != 1) {
      json.put("max", max);
    }
    return json;
  }
}
