package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * Which rows of a table to copy: those whose column stands in a relation to a value. Immutable.
 *
 * @param function {@code ==}, {@code !=}, {@code includes}, {@code excludes}, or for numbers {@code
 *     <}, {@code <=}, {@code >=}, {@code >}
 */
public record RowFilter(String column, String function, Datum value) {
  /** Rows whose column has exactly this value. */
  public static RowFilter equal(String column, Datum value) {
    return new RowFilter(column, "==", value);
  }

  /** Rows whose column has at least these elements. */
  public static RowFilter includes(String column, Datum value) {
    return new RowFilter(column, "includes", value);
  }

  /** The clause of RFC 7047. */
  ArrayNode toJson(TableSchema table) {
    ColumnSchema schema = table.column(column);
    if (schema == null) {
      throw new IllegalArgumentException("no column " + column + " in " + table);
    }
    return JsonNodeFactory.instance
        .arrayNode()
        .add(column)
        .add(function)
        .add(value.toJson(schema.type()));
  }
}
