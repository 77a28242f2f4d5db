package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumParser;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * Reads records that only insert rows, as the one that compaction leaves, straight into rows. It
 * takes only what is right in every respect; anything else is left to the way that all other
 * records go, which finds the words for it. Used once, by one thread.
 */
final class BulkLoader {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final DatabaseSchema schema;
  private final List<Row> rows = new ArrayList<>();

  private BulkLoader(DatabaseSchema schema) {
    this.schema = schema;
  }

  /** The rows of a record, each on its own as it should be; null if there is the least doubt. */
  static List<Row> rows(byte[] record, DatabaseSchema schema) {
    BulkLoader loader = new BulkLoader(schema);
    try (JsonParser parser = FACTORY.createParser(record)) {
      return loader.read(parser) ? loader.rows : null;
    } catch (IOException | OvsdbException _) {
      return null;
    }
  }

  private boolean read(JsonParser parser) throws IOException, OvsdbException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    DatumParser values = new DatumParser(parser);
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      TableSchema table = schema.table(name);
      parser.nextToken();
      if (name.startsWith("_")) {
        parser.skipChildren();
      } else if (table == null || !readTable(parser, values, table)) {
        return false;
      }
    }
    return true;
  }

  private boolean readTable(JsonParser parser, DatumParser values, TableSchema table)
      throws IOException, OvsdbException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      UUID uuid = Uuids.parse(parser.currentName());
      Datum[] row = table.defaults();
      if (uuid == null || !readRow(parser, values, table, row)) {
        return false;
      }
      rows.add(Row.of(table, uuid, Uuids.quick(), row));
    }
    return true;
  }

  private static boolean readRow(
      JsonParser parser, DatumParser values, TableSchema table, Datum[] row)
      throws IOException, OvsdbException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      ColumnSchema column = table.column(parser.currentName());
      parser.nextToken();
      Datum value =
          column == null || column.index() < TableSchema.FIRST_OWN
              ? null
              : values.read(column.type());
      if (value == null) {
        return false;
      }
      row[column.index() - TableSchema.FIRST_OWN] = value;
    }
    return true;
  }
}
