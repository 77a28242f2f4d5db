package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.DatumReader;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.Uuids;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.RowChange;
import org.sluice.ovsdb.transaction.Table;
import org.sluice.ovsdb.transaction.Transaction;

/**
 * Transactions as the JSON of a log record, and back; the form is in {@link DatabaseFile}.
 * Stateless.
 */
final class ChangeJson {
  private ChangeJson() {}

  /** The record of a change set, or null if it changed nothing that is kept on disk. */
  static ObjectNode write(ChangeSet changes, long wallMs) {
    ObjectNode record = JsonNodeFactory.instance.objectNode();
    for (RowChange change : changes.rows()) {
      JsonNode row = change.after() == null ? record.nullNode() : row(change);
      if (row != null) {
        record.withObjectProperty(change.table().name()).set(change.uuid().toString(), row);
      }
    }
    return record.isEmpty() ? null : annotate(record, changes.comment(), wallMs);
  }

  private static ObjectNode annotate(ObjectNode record, String comment, long wallMs) {
    if (comment != null) {
      record.put("_comment", comment);
    }
    record.put("_is_diff", true);
    return record.put("_date", wallMs);
  }

  /** Null if no column that is kept on disk has changed. */
  private static ObjectNode row(RowChange change) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    Row before = change.before();
    for (ColumnSchema column : change.table().ownColumns()) {
      Datum value = change.after().get(column);
      if (column.persistent() && !isKnown(change, column, value)) {
        Datum written = before == null ? value : before.get(column).diffTo(value, column.type());
        json.set(column.name(), written.toJson(column.type()));
      }
    }
    return json.isEmpty() && before != null ? null : json;
  }

  /** Whether a column has its value already, or, in a new row, by itself. */
  private static boolean isKnown(RowChange change, ColumnSchema column, Datum value) {
    return change.before() == null
        ? change.table().isDefault(column, value)
        : value.equals(change.before().get(column));
  }

  /** Does a record's changes in {@code transaction}. */
  static void read(JsonNode record, Transaction transaction) throws OvsdbException {
    boolean asDifferences = record.path("_is_diff").booleanValue();
    for (Map.Entry<String, JsonNode> entry : record.properties()) {
      Table table = transaction.database().table(entry.getKey());
      if (table != null) {
        readTable(entry.getValue(), transaction, table, asDifferences);
      } else if (!isAbout(entry.getKey(), entry.getValue())) {
        String text = "No table named %s.".formatted(entry.getKey());
        throw OvsdbError.syntax("unknown table", record, text).thrown();
      }
    }
  }

  /** Whether a member is no table, but says something about the record. */
  private static boolean isAbout(String name, JsonNode value) {
    return switch (name) {
      case "_date" -> value.isIntegralNumber();
      case "_is_diff" -> value.isBoolean();
      case "_comment" -> true;
      default -> false;
    };
  }

  private static void readTable(
      JsonNode json, Transaction transaction, Table table, boolean asDifferences)
      throws OvsdbException {
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      UUID uuid = Uuids.parse(entry.getKey());
      if (uuid == null) {
        String text = "\"%s\" is not a valid UUID".formatted(entry.getKey());
        throw OvsdbError.syntax(json, text).thrown();
      }
      Row row = transaction.row(table, uuid);
      if (entry.getValue().isNull()) {
        delete(transaction, row, uuid);
      } else {
        Row base = row == null ? Row.ofDefaults(table.schema(), uuid, Uuids.quick()) : row;
        transaction.put(changed(base, entry.getValue(), asDifferences && row != null));
      }
    }
  }

  private static void delete(Transaction transaction, Row row, UUID uuid) throws OvsdbException {
    if (row == null) {
      String text = "transaction deletes row %s that does not exist".formatted(uuid);
      throw OvsdbError.of(OvsdbError.SYNTAX_ERROR, text).thrown();
    }
    transaction.delete(row);
  }

  private static Row changed(Row row, JsonNode json, boolean asDifference) throws OvsdbException {
    if (!json.isObject()) {
      throw OvsdbError.syntax(json, "row must be JSON object").thrown();
    }
    TableSchema table = row.table();
    Row.Editor editor = row.edit();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      ColumnSchema column = table.column(entry.getKey(), json);
      editor.set(column, value(row, column, entry.getValue(), asDifference));
    }
    return editor.done();
  }

  private static Datum value(Row row, ColumnSchema column, JsonNode json, boolean asDifference)
      throws OvsdbException {
    ColumnType type = column.type();
    if (!asDifference) {
      return DatumReader.read(json, type, null);
    }
    Datum difference = DatumReader.read(json, type.withBounds(0, ColumnType.UNLIMITED), null);
    Datum value = row.get(column).applyDiff(difference, type);
    if (!type.allowsSize(value.size())) {
      String text = "difference makes column %s too small or too big".formatted(column.name());
      throw OvsdbError.syntax(json, text).thrown();
    }
    return value;
  }
}
