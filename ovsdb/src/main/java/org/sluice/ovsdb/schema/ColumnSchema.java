package org.sluice.ovsdb.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.data.TypeReader;

/**
 * One column of a table. Immutable.
 *
 * @param name its name; {@code _uuid} and {@code _version} are in every table
 * @param type what it holds
 * @param mutable whether it may change after its row was inserted
 * @param persistent whether it is written to the file
 * @param index where its value stands in a row
 */
public record ColumnSchema(
    String name, ColumnType type, boolean mutable, boolean persistent, int index) {

  /** Short: columns are looked up all the time, and a table has no two of one name. */
  @Override
  public int hashCode() {
    return name.hashCode();
  }

  static ColumnSchema fromJson(String name, JsonNode json, int index) throws OvsdbException {
    MemberReader members = new MemberReader(json, "schema for column " + name);
    boolean mutable = members.flag("mutable", true);
    boolean ephemeral = members.flag("ephemeral", false);
    ColumnType type = TypeReader.columnType(members.required("type", Kind.STRING, Kind.OBJECT));
    members.finish();
    return new ColumnSchema(name, type, mutable, !ephemeral, index);
  }

  JsonNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (!mutable) {
      json.put("mutable", false);
    }
    if (!persistent) {
      json.put("ephemeral", true);
    }
    json.set("type", type.toJson());
    return json;
  }
}
