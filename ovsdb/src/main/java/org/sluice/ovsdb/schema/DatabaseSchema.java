package org.sluice.ovsdb.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/** RFC 7047 {@code <database-schema>}. Immutable. */
public final class DatabaseSchema {
  private final String name;
  private final String version;
  private final String checksum;
  private final Map<String, TableSchema> tables;

  private DatabaseSchema(
      String name, String version, String checksum, Map<String, TableSchema> tables) {
    this.name = name;
    this.version = version;
    this.checksum = checksum;
    this.tables = Collections.unmodifiableMap(tables);
  }

  /** The database's name, such as {@code Open_vSwitch}. */
  public String name() {
    return name;
  }

  /** The version as {@code x.y.z}, or the empty string. */
  public String version() {
    return version;
  }

  /** The member {@code cksum}, or the empty string. */
  public String checksum() {
    return checksum;
  }

  /** All tables, in the schema's order. */
  public Collection<TableSchema> tables() {
    return tables.values();
  }

  /** The table of that name, or null. */
  public TableSchema table(String tableName) {
    return tables.get(tableName);
  }

  /** Reads and checks a schema. */
  public static DatabaseSchema fromJson(JsonNode json) throws OvsdbException {
    MemberReader members = new MemberReader(json, "database schema");
    String name = members.required("name", Kind.ID).textValue();
    JsonNode version = members.optional("version", Kind.STRING);
    JsonNode checksum = members.optional("cksum", Kind.STRING);
    JsonNode tablesJson = members.required("tables", Kind.OBJECT);
    members.finish();
    if (version != null && SchemaVersion.parse(version.textValue()) == null) {
      String text = "schema version \"%s\" not in format x.y.z".formatted(version.textValue());
      throw OvsdbError.syntax(json, text).thrown();
    }
    Map<String, TableSchema> tables = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : tablesJson.properties()) {
      TableSchema.checkName(json, entry.getKey());
      tables.put(entry.getKey(), TableSchema.fromJson(entry.getKey(), entry.getValue()));
    }
    rootAllIfNone(tables);
    checkReferences(tables);
    return new DatabaseSchema(name, text(version), text(checksum), tables);
  }

  private static String text(JsonNode json) {
    return json == null ? "" : json.textValue();
  }

  /** Schemas older than garbage collection name no root: there, every row lives on its own. */
  private static void rootAllIfNone(Map<String, TableSchema> tables) {
    if (tables.values().stream().noneMatch(TableSchema::isRoot)) {
      tables.replaceAll((_, table) -> table.asRoot());
    }
  }

  private static void checkReferences(Map<String, TableSchema> tables) throws OvsdbException {
    for (TableSchema table : tables.values()) {
      for (ColumnSchema column : table.ownColumns()) {
        checkReference(tables, column, column.type().key(), "key");
        checkReference(tables, column, column.type().value(), "value");
      }
    }
  }

  private static void checkReference(
      Map<String, TableSchema> tables, ColumnSchema column, BaseType type, String part)
      throws OvsdbException {
    if (type == null || type.reference() == null) {
      return;
    }
    String target = type.reference().table();
    if (!tables.containsKey(target)) {
      String text =
          "column %s %s refers to undefined table %s".formatted(column.name(), part, target);
      throw OvsdbError.syntax(null, text).thrown();
    }
  }

  /** Whether {@code other} says the same, in whatever order. */
  public boolean isSameAs(DatabaseSchema other) {
    return toJson().equals(other.toJson());
  }

  /** The JSON of this schema, as {@code get_schema} returns it and the file stores it. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name);
    if (!version.isEmpty()) {
      json.put("version", version);
    }
    if (!checksum.isEmpty()) {
      json.put("cksum", checksum);
    }
    boolean withRoot = tables.values().stream().anyMatch(table -> !table.isRoot());
    ObjectNode tablesJson = json.putObject("tables");
    tables.values().forEach(table -> tablesJson.set(table.name(), table.toJson(withRoot)));
    return json;
  }
}
