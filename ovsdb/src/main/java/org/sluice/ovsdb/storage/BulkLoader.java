package org.sluice.ovsdb.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumParser;
import org.sluice.ovsdb.data.JsonScanner;
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
  private final DatabaseSchema schema;
  private final JsonScanner json;
  private final DatumParser values;
  private final List<Row> rows = new ArrayList<>();

  private BulkLoader(byte[] record, DatabaseSchema schema) {
    this.schema = schema;
    this.json = new JsonScanner(record);
    this.values = new DatumParser(json);
  }

  /** The rows of a record, each on its own as it should be; null if there is the least doubt. */
  static List<Row> rows(byte[] record, DatabaseSchema schema) {
    BulkLoader loader = new BulkLoader(record, schema);
    try {
      return loader.object(loader::table) && loader.json.isAtEnd() ? loader.rows : null;
    } catch (OvsdbException _) {
      return null;
    }
  }

  /** Reads the value of the member whose name the scanner has just passed. */
  private interface Member {
    boolean read() throws OvsdbException;
  }

  private boolean object(Member member) throws OvsdbException {
    if (!json.skip('{')) {
      return false;
    }
    if (json.skip('}')) {
      return true;
    }
    do {
      if (!json.string() || !member.read()) {
        return false;
      }
    } while (json.skip(','));
    return json.skip('}');
  }

  private boolean table() throws OvsdbException {
    String name = json.text();
    if (name == null || !json.skip(':')) {
      return false;
    }
    TableSchema table = schema.table(name);
    return table == null ? about(name) : object(() -> row(table));
  }

  /** Passes what is said about the record. */
  private boolean about(String name) {
    return switch (name) {
      case "_date" -> json.integerComes();
      case "_is_diff" -> json.word("true") || json.word("false");
      case "_comment" -> json.skipScalar();
      default -> false;
    };
  }

  private boolean row(TableSchema table) throws OvsdbException {
    UUID uuid = json.uuid();
    Datum[] row = table.defaults();
    if (uuid == null || !json.skip(':') || !object(() -> column(table, row))) {
      return false;
    }
    rows.add(Row.of(table, uuid, Uuids.quick(), row));
    return true;
  }

  private boolean column(TableSchema table, Datum[] row) throws OvsdbException {
    String name = json.text();
    ColumnSchema column = name == null ? null : table.column(name);
    if (column == null || column.index() < TableSchema.FIRST_OWN || !json.skip(':')) {
      return false;
    }
    Datum value = values.read(column.type());
    row[column.index() - TableSchema.FIRST_OWN] = value;
    return value != null;
  }
}
