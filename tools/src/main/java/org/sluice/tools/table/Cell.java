package org.sluice.tools.table;

import com.fasterxml.jackson.databind.JsonNode;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.OvsdbException;

/** One cell of a table. Immutable. */
public sealed interface Cell {
  /** Nothing. */
  record Empty() implements Cell {}

  /** A text that every format shows as it is. */
  record Text(String text) implements Cell {}

  /**
   * A value of the database or a piece of a schema.
   *
   * @param type what the value is of; null if it is shown as JSON always
   */
  record Value(JsonNode json, ColumnType type) implements Cell {}

  /** Nothing. */
  static Cell empty() {
    return new Empty();
  }

  /** A text. */
  static Cell of(String text) {
    return new Text(text);
  }

  /** A value of {@code type}. */
  static Cell of(JsonNode json, ColumnType type) {
    return new Value(json, type);
  }

  /** The cell in a format that is made of text. */
  default String text(CellFormat format) {
    return switch (this) {
      case Empty _ -> "";
      case Text(String text) -> text;
      case Value(JsonNode json, ColumnType type) when type == null || format == CellFormat.JSON ->
          JsonPrinter.compact(json);
      case Value(JsonNode json, ColumnType type) -> valueText(json, type, format);
    };
  }

  /** A value that is not of its type (a server may say anything) is shown as it came. */
  private static String valueText(JsonNode json, ColumnType type, CellFormat format) {
    try {
      Datum datum = DatumReader.read(json, type, null);
      return format == CellFormat.BARE ? datum.toBareText() : datum.toText(type);
    } catch (OvsdbException _) {
      return JsonPrinter.compact(json);
    }
  }
}
