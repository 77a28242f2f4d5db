package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.Table;

/**
 * The transaction that puts a database's contents in the place of whatever is there. Rows get new
 * UUIDs; references between them are kept by names. Stateless.
 */
final class RestoreTransaction {
  private RestoreTransaction() {}

  static ArrayNode of(Database backup) {
    ArrayNode transaction = Server.array().add(backup.name());
    for (Table table : backup.tables()) {
      String name = table.schema().name();
      transaction.addObject().put("op", "delete").put("table", name).putArray("where");
      for (Row row : table.rows()) {
        insert(row, transaction.addObject().put("op", "insert").put("table", name));
      }
    }
    return transaction;
  }

  private static void insert(Row row, ObjectNode operation) {
    operation.put("uuid-name", name(row.uuid()));
    ObjectNode values = operation.putObject("row");
    for (ColumnSchema column : row.table().ownColumns()) {
      Datum value = row.get(column);
      if (column.persistent() && !value.equals(column.type().defaultValue())) {
        values.set(column.name(), value(value, column.type()));
      }
    }
  }

  private static String name(UUID uuid) {
    return "row" + uuid.toString().replace('-', '_');
  }

  private static JsonNode value(Datum value, ColumnType type) {
    boolean refers =
        type.key().reference() != null || (type.isMap() && type.value().reference() != null);
    if (!refers) {
      return value.toJson(type);
    }
    ArrayNode elements = Server.array();
    for (int i = 0; i < value.size(); i++) {
      JsonNode key = atom(value.key(i), type.key());
      elements.add(
          type.isMap() ? Server.array().add(key).add(atom(value.value(i), type.value())) : key);
    }
    return Server.array().add(type.isMap() ? "map" : "set").add(elements);
  }

  private static JsonNode atom(Atom atom, BaseType type) {
    return atom instanceof Atom.UuidAtom(UUID uuid) && type.reference() != null
        ? Server.array().add("named-uuid").add(name(uuid))
        : atom.toJson();
  }
}
