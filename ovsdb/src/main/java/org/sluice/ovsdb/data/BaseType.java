package org.sluice.ovsdb.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * RFC 7047 {@code <base-type>}: what kind of atom, and which of them are allowed. Immutable.
 *
 * <p>A UUID's constraint (it must name a row of {@code refTable}) is checked when a transaction
 * commits, not here.
 *
 * @param atomic the kind of atom
 * @param allowed the set of allowed values, or null for all
 * @param range numbers: smallest and largest value; strings: shortest and longest
 * @param reference the table that a UUID names a row of, or null
 */
public record BaseType(AtomicType atomic, Datum allowed, Range range, Reference reference) {
  /**
   * Bounds of numbers or lengths; an open end is the extreme of its type. Kept as both kinds of
   * number so that 64-bit integers lose nothing.
   */
  public record Range(long minInteger, long maxInteger, double minReal, double maxReal) {
    /** No bounds. */
    public static final Range ALL =
        new Range(Long.MIN_VALUE, Long.MAX_VALUE, -Double.MAX_VALUE, Double.MAX_VALUE);

    /** Bounds of integers. */
    public static Range ofIntegers(long min, long max) {
      return new Range(min, max, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /** Bounds of reals. */
    public static Range ofReals(double min, double max) {
      return new Range(Long.MIN_VALUE, Long.MAX_VALUE, min, max);
    }
  }

  /** A UUID's target table; a weak reference does not keep its row alive. */
  public record Reference(String table, boolean weak) {}

  /** A type without constraints. */
  public static BaseType of(AtomicType atomic) {
    return new BaseType(atomic, null, Range.ALL, null);
  }

  /** The same kind of atom, everything allowed. */
  public BaseType unconstrained() {
    return of(atomic);
  }

  /** Whether values keep the rows that they name alive. */
  public boolean isStrongReference() {
    return reference != null && !reference.weak();
  }

  /** Whether values name rows without keeping them alive. */
  public boolean isWeakReference() {
    return reference != null && reference.weak();
  }

  /** Complains if {@code atom}, of this kind, is not an allowed value. */
  public void check(Atom atom) throws OvsdbException {
    if (allowed != null && !allowed.containsKey(atom)) {
      String text =
          "%s is not one of the allowed values (%s)"
              .formatted(atom.toText(), allowed.toText(ColumnType.setOf(unconstrained())));
      throw violation(text);
    }
    switch (atom) {
      case Atom.IntegerAtom(long value) -> checkInteger(value);
      case Atom.RealAtom(double value) -> checkReal(value);
      case Atom.StringAtom(String value) -> checkLength(value);
      case Atom.BooleanAtom _, Atom.UuidAtom _ -> {}
    }
  }

  private void checkInteger(long value) throws OvsdbException {
    long min = range.minInteger;
    long max = range.maxInteger;
    if (value < min || value > max) {
      String text = Long.toString(value);
      throw outside(
          text,
          min == Long.MIN_VALUE ? null : Long.toString(min),
          max == Long.MAX_VALUE ? null : Long.toString(max));
    }
  }

  private void checkReal(double value) throws OvsdbException {
    double min = range.minReal;
    double max = range.maxReal;
    if (value < min || value > max) {
      throw outside(
          RealText.format(value),
          min == -Double.MAX_VALUE ? null : RealText.format(min),
          max == Double.MAX_VALUE ? null : RealText.format(max));
    }
  }

  private static OvsdbException outside(String value, String min, String max) {
    if (min != null && max != null) {
      return violation(
          "%s is not in the valid range %s to %s (inclusive)".formatted(value, min, max));
    }
    return violation(
        min != null
            ? "%s is less than minimum allowed value %s".formatted(value, min)
            : "%s is greater than maximum allowed value %s".formatted(value, max));
  }

  private void checkLength(String value) throws OvsdbException {
    if (range.equals(Range.ALL)) {
      return;
    }
    int length = value.codePointCount(0, value.length());
    if (length < range.minInteger) {
      throw violation(
          "\"%s\" length %d is less than minimum allowed length %d"
              .formatted(value, length, range.minInteger));
    }
    if (length > range.maxInteger) {
      throw violation(
          "\"%s\" length %d is greater than maximum allowed length %d"
              .formatted(value, length, range.maxInteger));
    }
  }

  private static OvsdbException violation(String details) {
    return OvsdbError.of("constraint violation", details).thrown();
  }

  /** The schema's JSON: a bare name when there are no constraints. */
  public JsonNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("type", atomic.text());
    if (allowed != null) {
      json.set("enum", allowed.toJson(ColumnType.setOf(unconstrained())));
    }
    putRange(json);
    if (reference != null) {
      json.put("refTable", reference.table());
      if (reference.weak()) {
        json.put("refType", "weak");
      }
    }
    return json.size() == 1 ? json.get("type") : json;
  }

  private void putRange(ObjectNode json) {
    String suffix = atomic == AtomicType.STRING ? "Length" : "Integer";
    if (range.minInteger != Long.MIN_VALUE
        && (atomic != AtomicType.STRING || range.minInteger > 0)) {
      json.put("min" + suffix, range.minInteger);
    }
    if (range.maxInteger != Long.MAX_VALUE) {
      json.put("max" + suffix, range.maxInteger);
    }
    if (range.minReal != -Double.MAX_VALUE) {
      json.set("minReal", Atom.ofReal(range.minReal).toJson());
    }
    if (range.maxReal != Double.MAX_VALUE) {
      json.set("maxReal", Atom.ofReal(range.maxReal).toJson());
    }
  }
}
