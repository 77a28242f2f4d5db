package org.sluice.ovsdb.data;

import com.fasterxml.jackson.databind.JsonNode;
import org.sluice.ovsdb.data.BaseType.Range;
import org.sluice.ovsdb.data.BaseType.Reference;
import org.sluice.ovsdb.data.MemberReader.Kind;

/** Reads the types of a schema. Stateless. */
public final class TypeReader {
  private static final long MAX_UNSIGNED_INT = 0xffff_ffffL;

  private TypeReader() {}

  /** Reads a {@code <type>}. */
  public static ColumnType columnType(JsonNode json) throws OvsdbException {
    if (json.isTextual()) {
      return ColumnType.scalar(baseType(json));
    }
    if (!json.isObject()) {
      throw OvsdbError.syntax(json, "ovsdb type expected").thrown();
    }
    MemberReader members = new MemberReader(json, "ovsdb type");
    BaseType key = baseType(members.required("key", Kind.STRING, Kind.OBJECT));
    JsonNode valueJson = members.optional("value", Kind.STRING, Kind.OBJECT);
    BaseType value = valueJson == null ? null : baseType(valueJson);
    JsonNode min = members.optional("min", Kind.INTEGER);
    JsonNode max = members.optional("max", Kind.INTEGER, Kind.STRING);
    members.finish();
    return checked(json, new ColumnType(key, value, bound(min), bound(max)));
  }

  private static int bound(JsonNode json) throws OvsdbException {
    if (json == null) {
      return 1;
    }
    if (json.isTextual() && json.textValue().equals("unlimited")) {
      return ColumnType.UNLIMITED;
    }
    if (json.isTextual() || json.longValue() < 0 || json.longValue() > MAX_UNSIGNED_INT) {
      throw OvsdbError.syntax(json, "bad min or max value").thrown();
    }
    return (int) Math.min(json.longValue(), ColumnType.UNLIMITED);
  }

  private static ColumnType checked(JsonNode json, ColumnType type) throws OvsdbException {
    if (type.min() > 1 || type.max() < 1) {
      throw OvsdbError.syntax(json, "ovsdb type fails constraint checks").thrown();
    }
    return type;
  }

  /** Reads a {@code <base-type>}. */
  public static BaseType baseType(JsonNode json) throws OvsdbException {
    if (json.isTextual()) {
      return BaseType.of(atomicType(json));
    }
    MemberReader members = new MemberReader(json, "ovsdb type");
    AtomicType atomic = atomicType(members.required("type", Kind.STRING));
    JsonNode enumeration = members.optional("enum");
    Datum allowed =
        enumeration == null
            ? null
            : DatumReader.read(enumeration, ColumnType.setOf(BaseType.of(atomic)), null);
    Range range = enumeration == null ? range(atomic, members) : Range.ALL;
    Reference reference = atomic == AtomicType.UUID ? reference(members) : null;
    members.finish();
    return new BaseType(atomic, allowed, range, reference);
  }

  private static AtomicType atomicType(JsonNode json) throws OvsdbException {
    AtomicType type = AtomicType.fromText(json.textValue());
    if (type == null) {
      String text = "\"%s\" is not an atomic-type".formatted(json.textValue());
      throw OvsdbError.syntax(json, text).thrown();
    }
    return type;
  }

  private static Range range(AtomicType atomic, MemberReader members) throws OvsdbException {
    return switch (atomic) {
      case INTEGER -> integerRange(members);
      case REAL -> realRange(members);
      case STRING -> lengthRange(members);
      case BOOLEAN, UUID -> Range.ALL;
    };
  }

  private static Range integerRange(MemberReader members) throws OvsdbException {
    JsonNode min = members.optional("minInteger", Kind.INTEGER);
    JsonNode max = members.optional("maxInteger", Kind.INTEGER);
    if (min == null && max == null) {
      return Range.ALL;
    }
    Range range =
        Range.ofIntegers(
            min == null ? Long.MIN_VALUE : min.longValue(),
            max == null ? Long.MAX_VALUE : max.longValue());
    return ordered(range, members, "minInteger exceeds maxInteger");
  }

  private static Range realRange(MemberReader members) throws OvsdbException {
    JsonNode min = members.optional("minReal", Kind.NUMBER);
    JsonNode max = members.optional("maxReal", Kind.NUMBER);
    if (min == null && max == null) {
      return Range.ALL;
    }
    Range range =
        Range.ofReals(
            min == null ? -Double.MAX_VALUE : min.doubleValue(),
            max == null ? Double.MAX_VALUE : max.doubleValue());
    return ordered(range, members, "minReal exceeds maxReal");
  }

  private static Range lengthRange(MemberReader members) throws OvsdbException {
    JsonNode min = members.optional("minLength", Kind.INTEGER);
    JsonNode max = members.optional("maxLength", Kind.INTEGER);
    if (min == null && max == null) {
      return Range.ALL;
    }
    Range range =
        Range.ofIntegers(length("minLength", min, 0), length("maxLength", max, Long.MAX_VALUE));
    return ordered(range, members, "minLength exceeds maxLength");
  }

  private static long length(String name, JsonNode json, long otherwise) throws OvsdbException {
    if (json == null) {
      return otherwise;
    }
    if (json.longValue() < 0 || json.longValue() > MAX_UNSIGNED_INT) {
      String text = "%s out of valid range 0 to %d".formatted(name, MAX_UNSIGNED_INT);
      throw OvsdbError.syntax(json, text).thrown();
    }
    return json.longValue();
  }

  private static Range ordered(Range range, MemberReader members, String complaint)
      throws OvsdbException {
    if (range.minInteger() > range.maxInteger() || range.minReal() > range.maxReal()) {
      throw OvsdbError.syntax(members.json(), complaint).thrown();
    }
    return range;
  }

  private static Reference reference(MemberReader members) throws OvsdbException {
    JsonNode table = members.optional("refTable", Kind.ID);
    if (table == null) {
      return null;
    }
    JsonNode type = members.optional("refType", Kind.ID);
    String text = type == null ? "strong" : type.textValue();
    if (!text.equals("strong") && !text.equals("weak")) {
      String complaint = "refType must be \"strong\" or \"weak\" (not \"%s\")".formatted(text);
      throw OvsdbError.syntax(members.json(), complaint).thrown();
    }
    return new Reference(table.textValue(), text.equals("weak"));
  }
}
