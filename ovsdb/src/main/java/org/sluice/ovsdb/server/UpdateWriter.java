package org.sluice.ovsdb.server;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Row;

/**
 * Writes {@code <table-updates>} as bytes, table by table and row by row, without building a tree
 * first. Used once, by the writer thread.
 */
final class UpdateWriter {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final byte[] NOTHING = {};

  private final ByteArrayBuilder bytes = new ByteArrayBuilder();
  private final JsonGenerator json;
  private String table;
  private boolean tableOpen;
  private boolean empty = true;

  UpdateWriter() {
    try {
      json = FACTORY.createGenerator(bytes);
      json.writeStartObject();
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  private static IllegalStateException inMemory(IOException e) {
    return new IllegalStateException("writing to memory failed", e);
  }

  /** Rows of this table come next. */
  void table(String name) {
    try {
      closeTable();
      table = name;
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  private void closeTable() throws IOException {
    if (tableOpen) {
      json.writeEndObject();
      tableOpen = false;
    }
  }

  private void beginRow(UUID uuid) throws IOException {
    if (!tableOpen) {
      json.writeObjectFieldStart(table);
      tableOpen = true;
      empty = false;
    }
    json.writeObjectFieldStart(uuid.toString());
  }

  /** A row with these columns, as {@code {kind: {...}}}; without defaults if {@code sparse}. */
  void row(String kind, Row row, List<ColumnSchema> columns, boolean sparse) {
    try {
      beginRow(row.uuid());
      json.writeObjectFieldStart(kind);
      for (ColumnSchema column : columns) {
        Datum value = row.get(column);
        if (!sparse || !column.type().isDefault(value)) {
          write(column, value);
        }
      }
      json.writeEndObject();
      json.writeEndObject();
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  private void write(ColumnSchema column, Datum value) throws IOException {
    json.writeFieldName(column.name());
    value.write(json, column.type());
  }

  /** A row that is gone, where nothing is told of it. */
  void deleted(UUID uuid) {
    try {
      beginRow(uuid);
      json.writeNullField("delete");
      json.writeEndObject();
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** What of {@code columns} has changed, as differences; nothing if none has. */
  void differences(Row before, Row after, List<ColumnSchema> columns) {
    try {
      boolean begun = false;
      for (ColumnSchema column : columns) {
        Datum was = before.get(column);
        Datum is = after.get(column);
        if (!was.equals(is)) {
          if (!begun) {
            beginRow(after.uuid());
            json.writeObjectFieldStart("modify");
            begun = true;
          }
          write(column, was.diffTo(is, column.type()));
        }
      }
      if (begun) {
        json.writeEndObject();
        json.writeEndObject();
      }
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** The old values of {@code columns} that have changed, and all new ones; nothing if none has. */
  void values(Row before, Row after, List<ColumnSchema> columns) {
    try {
      boolean begun = false;
      for (ColumnSchema column : columns) {
        Datum was = before.get(column);
        if (!was.equals(after.get(column))) {
          if (!begun) {
            beginRow(after.uuid());
            json.writeObjectFieldStart("old");
            begun = true;
          }
          write(column, was);
        }
      }
      if (begun) {
        json.writeEndObject();
        json.writeObjectFieldStart("new");
        for (ColumnSchema column : columns) {
          write(column, after.get(column));
        }
        json.writeEndObject();
        json.writeEndObject();
      }
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** All that was written, an object; {@code {}} if nothing was. */
  byte[] done() {
    try {
      closeTable();
      json.writeEndObject();
      json.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw inMemory(e);
    }
  }

  /** The same, but no bytes at all if nothing was written. */
  byte[] doneUnlessEmpty() {
    return empty ? NOTHING : done();
  }
}
