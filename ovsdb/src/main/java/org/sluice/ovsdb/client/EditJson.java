package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.UUID;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ColumnSchema;

/**
 * Writes the operations of one edit as RFC 7047 has them. A row that the edit itself inserts is
 * referred to by a symbol, unless its UUID was chosen. Used by the edit's thread.
 */
final class EditJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Set<UUID> symbols;

  /** {@code symbols} are the rows to be referred to by symbol; it may still grow. */
  EditJson(Set<UUID> symbols) {
    this.symbols = symbols;
  }

  static ObjectNode operation(String op, String table) {
    return JSON.objectNode().put("op", op).put("table", table);
  }

  /** An operation on one row. */
  ObjectNode onRow(String op, String table, UUID uuid) {
    ObjectNode operation = operation(op, table);
    ArrayNode clause = operation.putArray("where").addArray().add("_uuid").add("==");
    clause.add(reference(uuid));
    return operation;
  }

  static String symbol(UUID uuid) {
    return "row" + uuid.toString().replace('-', '_');
  }

  ArrayNode reference(UUID uuid) {
    return symbols.contains(uuid)
        ? JSON.arrayNode(2).add("named-uuid").add(symbol(uuid))
        : JSON.arrayNode(2).add("uuid").add(uuid.toString());
  }

  /** A column's value. */
  JsonNode value(ColumnSchema column, Datum value) {
    return named(value.toJson(column.type()), column.type());
  }

  /** What to add to a column or take out of it; keys alone may name the pairs to be taken out. */
  JsonNode elements(ColumnSchema column, Datum elements) {
    ColumnType type = column.type();
    boolean keysOnly = type.isMap() && !elements.hasValues() && !elements.isEmpty();
    ColumnType shown = keysOnly ? new ColumnType(type.key(), null, 0, type.max()) : type;
    return named(elements.toJson(shown), shown);
  }

  private JsonNode named(JsonNode json, ColumnType type) {
    boolean holdsUuids =
        type.key().atomic() == AtomicType.UUID
            || (type.value() != null && type.value().atomic() == AtomicType.UUID);
    return holdsUuids && !symbols.isEmpty() ? named(json) : json;
  }

  private JsonNode named(JsonNode json) {
    if (!json.isArray()) {
      return json;
    }
    if (json.size() == 2 && "uuid".equals(json.get(0).textValue()) && json.get(1).isTextual()) {
      return reference(UUID.fromString(json.get(1).textValue()));
    }
    ArrayNode out = JSON.arrayNode(json.size());
    json.forEach(element -> out.add(named(element)));
    return out;
  }
}
