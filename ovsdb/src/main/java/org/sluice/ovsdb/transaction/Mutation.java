package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.NamedUuids;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * One element of a {@code mutate} operation: arithmetic on numbers, or elements put in and taken
 * out. Immutable.
 */
record Mutation(ColumnSchema column, Mutator mutator, Datum argument) {
  /** What is done. */
  enum Mutator {
    ADD("+="),
    SUBTRACT("-="),
    MULTIPLY("*="),
    DIVIDE("/="),
    REMAINDER("%="),
    INSERT("insert"),
    DELETE("delete");

    private final String text;

    Mutator(String text) {
      this.text = text;
    }

    boolean isArithmetic() {
      return this != INSERT && this != DELETE;
    }

    static Mutator fromText(String text) throws OvsdbException {
      for (Mutator mutator : values()) {
        if (mutator.text.equals(text)) {
          return mutator;
        }
      }
      String details = "No mutator named %s.".formatted(text);
      throw OvsdbError.syntax("unknown mutator", null, details).thrown();
    }
  }

  static List<Mutation> listFromJson(TableSchema table, JsonNode json, NamedUuids names)
      throws OvsdbException {
    List<Mutation> mutations = new ArrayList<>(json.size());
    for (JsonNode mutation : json) {
      mutations.add(fromJson(table, mutation, names));
    }
    return mutations;
  }

  private static Mutation fromJson(TableSchema table, JsonNode json, NamedUuids names)
      throws OvsdbException {
    boolean wellFormed =
        json.isArray() && json.size() == 3 && json.get(0).isTextual() && json.get(1).isTextual();
    if (!wellFormed) {
      throw OvsdbError.syntax(json, "Parse error in mutation.").thrown();
    }
    ColumnSchema column = table.column(json.get(0).textValue(), json);
    if (!column.mutable()) {
      String text =
          "Cannot mutate immutable column %s in table %s.".formatted(column.name(), table);
      throw OvsdbError.syntax("constraint violation", json, text).thrown();
    }
    Mutator mutator = Mutator.fromText(json.get(1).textValue());
    return new Mutation(column, mutator, argument(column, mutator, json, names));
  }

  private static Datum argument(
      ColumnSchema column, Mutator mutator, JsonNode json, NamedUuids names) throws OvsdbException {
    ColumnType type = column.type();
    if (!fits(type, mutator)) {
      String text =
          "Type mismatch: \"%s\" operator may not be applied to column %s of type %s."
              .formatted(mutator.text, column.name(), type.toEnglish());
      throw OvsdbError.syntax(json, text).thrown();
    }
    JsonNode value = json.get(2);
    if (mutator.isArithmetic()) {
      return DatumReader.read(value, ColumnType.scalar(type.key().unconstrained()), names);
    }
    return mutator == Mutator.INSERT
        ? DatumReader.read(value, type.withBounds(0, type.max()), names)
        : deletion(type.withBounds(0, ColumnType.UNLIMITED), value, names);
  }

  /** What to delete from a map may be told by pairs, or by keys alone. */
  private static Datum deletion(ColumnType type, JsonNode value, NamedUuids names)
      throws OvsdbException {
    boolean keysOnly = type.isMap() && !"map".equals(value.path(0).textValue());
    ColumnType keys = new ColumnType(type.key(), null, type.min(), type.max());
    return DatumReader.read(value, keysOnly ? keys : type, names);
  }

  private static boolean fits(ColumnType type, Mutator mutator) {
    if (!mutator.isArithmetic()) {
      return type.isSet() || type.isMap();
    }
    AtomicType atomic = type.key().atomic();
    boolean real = atomic == AtomicType.REAL && mutator != Mutator.REMAINDER;
    return !type.isMap() && (atomic == AtomicType.INTEGER || real);
  }

  /** The row with this mutation done. */
  Row apply(Row row) throws OvsdbException {
    Datum value = row.get(column);
    Datum result =
        switch (mutator) {
          case INSERT -> counted(value.union(argument));
          case DELETE -> counted(value.subtract(argument));
          default -> arithmetic(value);
        };
    return row.edit().set(column, result).done();
  }

  private Datum counted(Datum result) throws OvsdbException {
    if (!column.type().allowsSize(result.size())) {
      String text =
          "Attempted to store %d elements in %s."
              .formatted(result.size(), column.type().toEnglish());
      throw OvsdbError.of("constraint violation", text).thrown();
    }
    return result;
  }

  private Datum arithmetic(Datum value) throws OvsdbException {
    List<Atom> results = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      Atom result = calculate(value.key(i), argument.key(0));
      column.type().key().check(result);
      results.add(result);
    }
    Datum set = Datum.ofSet(results);
    if (set.size() < results.size()) {
      String text = "Result of \"%s\" operation contains duplicates.".formatted(mutator.text);
      throw OvsdbError.of("constraint violation", text).thrown();
    }
    return set;
  }

  private Atom calculate(Atom left, Atom right) throws OvsdbException {
    try {
      return left instanceof Atom.IntegerAtom(long x)
          ? Atom.of(integer(x, ((Atom.IntegerAtom) right).value()))
          : Atom.ofReal(real(((Atom.RealAtom) left).value(), ((Atom.RealAtom) right).value()));
    } catch (ArithmeticException _) {
      String text = "Result of \"%s\" operation is out of range.".formatted(mutator.text);
      throw OvsdbError.of("range error", text).thrown();
    }
  }

  private long integer(long x, long y) throws OvsdbException {
    checkDivisor(y == 0);
    return switch (mutator) {
      case ADD -> Math.addExact(x, y);
      case SUBTRACT -> Math.subtractExact(x, y);
      case MULTIPLY -> Math.multiplyExact(x, y);
      case DIVIDE -> Math.divideExact(x, y);
      case REMAINDER -> {
        Math.divideExact(x, y);
        yield x % y;
      }
      case INSERT, DELETE -> throw new AssertionError(mutator);
    };
  }

  private double real(double x, double y) throws OvsdbException {
    checkDivisor(y == 0);
    double result =
        switch (mutator) {
          case ADD -> x + y;
          case SUBTRACT -> x - y;
          case MULTIPLY -> x * y;
          case DIVIDE -> x / y;
          case REMAINDER, INSERT, DELETE -> throw new AssertionError(mutator);
        };
    if (!Double.isFinite(result)) {
      throw new ArithmeticException();
    }
    return result;
  }

  private void checkDivisor(boolean zero) throws OvsdbException {
    if (zero && (mutator == Mutator.DIVIDE || mutator == Mutator.REMAINDER)) {
      throw OvsdbError.of("domain error", "Division by zero.").thrown();
    }
  }
}
