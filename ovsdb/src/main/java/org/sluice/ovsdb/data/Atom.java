package org.sluice.ovsdb.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.UUID;

/**
 * One indivisible value: an integer, real, boolean, string or UUID. Immutable.
 *
 * <p>Atoms of one type are totally ordered, as OVSDB orders them (UUIDs as unsigned bytes);
 * comparing atoms of different types is a mistake of ours.
 */
public sealed interface Atom extends Comparable<Atom> {
  /** A signed 64-bit integer. */
  record IntegerAtom(long value) implements Atom {}

  /** A double; negative zero is folded into zero so that equal numbers are equal atoms. */
  record RealAtom(double value) implements Atom {
    /** Folds negative zero. */
    public RealAtom {
      value = value == 0 ? 0.0 : value;
    }
  }

  /** A truth value. */
  record BooleanAtom(boolean value) implements Atom {
    static final BooleanAtom TRUE = new BooleanAtom(true);
    static final BooleanAtom FALSE = new BooleanAtom(false);
  }

  /** A Unicode string. */
  record StringAtom(String value) implements Atom {}

  /** A UUID: the name of a row, or just a number. */
  record UuidAtom(UUID value) implements Atom {}

  /** An integer atom. */
  static Atom of(long value) {
    return AtomPool.of(value);
  }

  /** A real atom. */
  static Atom ofReal(double value) {
    return new RealAtom(value);
  }

  /** A boolean atom. */
  static Atom of(boolean value) {
    return value ? BooleanAtom.TRUE : BooleanAtom.FALSE;
  }

  /** A string atom. */
  static Atom of(String value) {
    return new StringAtom(value);
  }

  /** A string atom of a row, which it may share with others. */
  static Atom ofRow(String value) {
    return AtomPool.of(value);
  }

  /** A UUID atom. */
  static Atom of(UUID value) {
    return new UuidAtom(value);
  }

  /** What a column of this type holds when nobody set it: 0, false, "" or the all-zero UUID. */
  static Atom defaultOf(AtomicType type) {
    return switch (type) {
      case INTEGER -> of(0L);
      case REAL -> ofReal(0);
      case BOOLEAN -> of(false);
      case STRING -> ofRow("");
      case UUID -> of(Uuids.ZERO);
    };
  }

  /** Which of the five this is. */
  default AtomicType type() {
    return switch (this) {
      case IntegerAtom _ -> AtomicType.INTEGER;
      case RealAtom _ -> AtomicType.REAL;
      case BooleanAtom _ -> AtomicType.BOOLEAN;
      case StringAtom _ -> AtomicType.STRING;
      case UuidAtom _ -> AtomicType.UUID;
    };
  }

  @Override
  default int compareTo(Atom other) {
    return switch (this) {
      case IntegerAtom(long value) -> Long.compare(value, ((IntegerAtom) other).value);
      case RealAtom(double value) -> Double.compare(value, ((RealAtom) other).value);
      case BooleanAtom(boolean value) -> Boolean.compare(value, ((BooleanAtom) other).value);
      case StringAtom(String value) -> value.compareTo(((StringAtom) other).value);
      case UuidAtom(UUID value) -> Uuids.compare(value, ((UuidAtom) other).value);
    };
  }

  /**
   * The JSON of RFC 7047 {@code <atom>}; a real without fraction is written as an integer, as OVS
   * does.
   */
  default JsonNode toJson() {
    return switch (this) {
      case IntegerAtom(long value) -> LongNode.valueOf(value);
      case RealAtom(double value) -> realJson(value);
      case BooleanAtom(boolean value) -> BooleanNode.valueOf(value);
      case StringAtom(String value) -> TextNode.valueOf(value);
      case UuidAtom(UUID value) ->
          JsonNodeFactory.instance.arrayNode(2).add("uuid").add(value.toString());
    };
  }

  /** Writes what {@link #toJson} makes, without making it. */
  default void write(JsonGenerator json) throws IOException {
    switch (this) {
      case IntegerAtom(long value) -> json.writeNumber(value);
      case RealAtom(double value) -> {
        if (isWhole(value)) {
          json.writeNumber((long) value);
        } else {
          json.writeNumber(value);
        }
      }
      case BooleanAtom(boolean value) -> json.writeBoolean(value);
      case StringAtom(String value) -> json.writeString(value);
      case UuidAtom(UUID value) -> {
        json.writeStartArray();
        json.writeString("uuid");
        json.writeString(value.toString());
        json.writeEndArray();
      }
    }
  }

  private static boolean isWhole(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15;
  }

  private static JsonNode realJson(double value) {
    return isWhole(value) ? LongNode.valueOf((long) value) : DoubleNode.valueOf(value);
  }

  /**
   * The text of tools and of error messages: a string is quoted unless it reads as a plain word.
   */
  default String toText() {
    return switch (this) {
      case IntegerAtom(long value) -> Long.toString(value);
      case RealAtom(double value) -> RealText.format(value);
      case BooleanAtom(boolean value) -> Boolean.toString(value);
      case StringAtom(String value) -> needsQuotes(value) ? JsonText.of(toJson()) : value;
      case UuidAtom(UUID value) -> value.toString();
    };
  }

  /** The same, never quoted. */
  default String toBareText() {
    return this instanceof StringAtom(String value) ? value : toText();
  }

  private static boolean needsQuotes(String text) {
    return !Identifiers.isPlainWord(text)
        || text.equals("true")
        || text.equals("false")
        || Uuids.parse(text) != null;
  }
}
