package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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
 * A list of clauses about a row: all of them must hold in a transaction's {@code where}, any of
 * them in a monitor's. Immutable.
 */
public final class Condition {
  /** How a clause compares. */
  private enum Function {
    EQUAL("=="),
    NOT_EQUAL("!="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    INCLUDES("includes"),
    EXCLUDES("excludes");

    private final String text;

    Function(String text) {
      this.text = text;
    }

    boolean isOrder() {
      return switch (this) {
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
        case EQUAL, NOT_EQUAL, INCLUDES, EXCLUDES -> false;
      };
    }

    static Function fromText(String text) throws OvsdbException {
      for (Function function : values()) {
        if (function.text.equals(text)) {
          return function;
        }
      }
      String details = "No function named %s.".formatted(text);
      throw OvsdbError.syntax("unknown function", null, details).thrown();
    }
  }

  /** What a clause takes beside what it compares with, roughly. */
  private static final long CLAUSE_BYTES = 40;

  /** One clause. */
  private sealed interface Clause {
    boolean matches(Row row);

    /** About what memory it takes. */
    default long bytes() {
      return CLAUSE_BYTES;
    }
  }

  private record Constant(boolean value) implements Clause {
    @Override
    public boolean matches(Row row) {
      return value;
    }
  }

  private record Comparison(ColumnSchema column, Function function, Datum argument)
      implements Clause {
    @Override
    public long bytes() {
      return CLAUSE_BYTES + argument.bytes();
    }

    @Override
    public boolean matches(Row row) {
      Datum field = row.get(column);
      return switch (function) {
        case EQUAL -> field.equals(argument);
        case NOT_EQUAL -> !field.equals(argument);
        case INCLUDES -> argument.isIncludedIn(field);
        case EXCLUDES -> argument.isExcludedFrom(field);
        case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
            !field.isEmpty() && inOrder(field.key(0).compareTo(argument.key(0)));
      };
    }

    private boolean inOrder(int order) {
      return switch (function) {
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        default -> order >= 0;
      };
    }
  }

  /** No clauses. */
  public static final Condition NONE = new Condition(List.of());

  private final List<Clause> clauses;

  private Condition(List<Clause> clauses) {
    this.clauses = List.copyOf(clauses);
  }

  /** Reads an array of clauses about rows of {@code table}. */
  public static Condition fromJson(TableSchema table, JsonNode json, NamedUuids names)
      throws OvsdbException {
    List<Clause> clauses = new ArrayList<>(json.size());
    for (JsonNode clause : json) {
      clauses.add(clause(table, clause, names));
    }
    return new Condition(clauses);
  }

  private static Clause clause(TableSchema table, JsonNode json, NamedUuids names)
      throws OvsdbException {
    if (json.isBoolean()) {
      return new Constant(json.booleanValue());
    }
    boolean wellFormed =
        json.isArray() && json.size() == 3 && json.get(0).isTextual() && json.get(1).isTextual();
    if (!wellFormed) {
      throw OvsdbError.syntax(json, "Parse error in condition.").thrown();
    }
    ColumnSchema column = table.column(json.get(0).textValue(), json);
    Function function = Function.fromText(json.get(1).textValue());
    ColumnType type = argumentType(column, function, json);
    return new Comparison(column, function, DatumReader.read(json.get(2), type, names));
  }

  private static ColumnType argumentType(ColumnSchema column, Function function, JsonNode json)
      throws OvsdbException {
    ColumnType type = column.type();
    if (function.isOrder()) {
      checkOrdered(column, function, json);
      return type.withBounds(1, 1);
    }
    if (type.isScalar()) {
      return type;
    }
    return switch (function) {
      case INCLUDES -> type.withBounds(0, type.max());
      case EXCLUDES -> type.withBounds(0, ColumnType.UNLIMITED);
      default -> type;
    };
  }

  private static void checkOrdered(ColumnSchema column, Function function, JsonNode json)
      throws OvsdbException {
    ColumnType type = column.type();
    AtomicType atomic = type.key().atomic();
    boolean number = atomic == AtomicType.INTEGER || atomic == AtomicType.REAL;
    if (!number || !(type.isScalar() || type.isOptionalScalar())) {
      String text =
          "Type mismatch: \"%s\" operator may not be applied to column %s of type %s."
              .formatted(function.text, column.name(), type.toEnglish());
      throw OvsdbError.syntax(json, text).thrown();
    }
  }

  /** About what memory it takes. */
  public long bytes() {
    return clauses.stream().mapToLong(Clause::bytes).sum();
  }

  /** Whether every clause holds; without clauses, yes. */
  public boolean matchesAll(Row row) {
    for (Clause clause : clauses) {
      if (!clause.matches(row)) {
        return false;
      }
    }
    return true;
  }

  /** Whether some clause holds; without clauses, yes. */
  public boolean matchesAny(Row row) {
    for (Clause clause : clauses) {
      if (clause.matches(row)) {
        return true;
      }
    }
    return clauses.isEmpty();
  }

  /** The rows of a table for which every clause holds; one look if a clause names the row. */
  List<Row> select(Transaction transaction, Table table) {
    for (Clause clause : clauses) {
      if (clause instanceof Comparison(ColumnSchema column, Function function, Datum argument)
          && column.index() == TableSchema.UUID
          && function == Function.EQUAL) {
        UUID uuid = argument.uuid();
        Row row = transaction.row(table, uuid);
        return row == null || !matchesAll(row) ? List.of() : List.of(row);
      }
    }
    return transaction.rows(table).stream().filter(this::matchesAll).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Condition that && clauses.equals(that.clauses);
  }

  @Override
  public int hashCode() {
    return clauses.hashCode();
  }
}
