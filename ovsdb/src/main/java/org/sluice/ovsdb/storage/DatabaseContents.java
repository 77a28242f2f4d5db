package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.util.List;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;

/**
 * All that a database held at one moment, as the one record from which it can be made again.
 * Immutable: it may be written while the database goes on.
 *
 * @param schema of the database
 * @param tables the rows of each of the schema's tables, in its order
 */
record DatabaseContents(DatabaseSchema schema, List<List<Row>> tables) {
  private static final JsonFactory FACTORY = new JsonFactory();

  /** What is there now; called by who owns the database. */
  static DatabaseContents of(Database database) {
    List<List<Row>> tables = database.tables().stream().map(table -> table.rows()).toList();
    return new DatabaseContents(database.schema(), tables);
  }

  /** The record's body; its form is in {@link DatabaseFile}. */
  byte[] body(String comment, long wallMs) {
    ByteArrayBuilder bytes = new ByteArrayBuilder();
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("_comment", comment);
      json.writeNumberField("_date", wallMs);
      json.writeBooleanField("_is_diff", true);
      for (List<Row> rows : tables) {
        if (!rows.isEmpty()) {
          write(json, rows);
        }
      }
      json.writeEndObject();
      json.writeRaw('\n');
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, List<Row> rows) throws IOException {
    TableSchema table = rows.getFirst().table();
    List<ColumnSchema> columns =
        table.ownColumns().stream().filter(ColumnSchema::persistent).toList();
    json.writeObjectFieldStart(table.name());
    for (Row row : rows) {
      json.writeObjectFieldStart(row.uuid().toString());
      for (ColumnSchema column : columns) {
        Datum value = row.get(column);
        if (!table.isDefault(column, value)) {
          json.writeFieldName(column.name());
          value.write(json, column.type());
        }
      }
      json.writeEndObject();
    }
    json.writeEndObject();
  }
}
