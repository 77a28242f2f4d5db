package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.SchemaFile;
import org.sluice.ovsdb.transaction.Database;

/**
 * What a cluster begins with. Immutable.
 *
 * @param name of the database
 * @param schema without ephemeral columns, which clusters do not have
 * @param rows as a transaction of {@link DatabaseFile}
 */
public record ClusterContents(String name, JsonNode schema, JsonNode rows) {
  /**
   * Reads a schema file or else a standalone database.
   *
   * @param log is told which columns do not stay as they were
   */
  public static ClusterContents read(Path path, long wallMs, Vlog log)
      throws IOException, OvsdbException {
    try {
      JsonNode schema = SchemaFile.read(path).toJson();
      return of(path, schema, JsonNodeFactory.instance.objectNode(), log);
    } catch (OvsdbException _) {
      Database database = DatabaseFile.read(path);
      byte[] body = DatabaseContents.of(database).body("created from " + path, wallMs);
      JsonNode rows = JsonText.parse(new String(body, StandardCharsets.UTF_8));
      return of(path, database.schema().toJson(), rows, log);
    }
  }

  private static ClusterContents of(Path path, JsonNode schema, JsonNode rows, Vlog log) {
    JsonNode kept = schema.deepCopy();
    List<String> changed = new ArrayList<>();
    for (Map.Entry<String, JsonNode> table : kept.path("tables").properties()) {
      for (Map.Entry<String, JsonNode> column : table.getValue().path("columns").properties()) {
        if (((ObjectNode) column.getValue()).remove("ephemeral") != null) {
          changed.add("'%s' column in '%s' table".formatted(column.getKey(), table.getKey()));
        }
      }
    }
    String name = kept.path("name").textValue();
    if (!changed.isEmpty()) {
      log.warn(
          "%s: changed %d columns in '%s' database from ephemeral to persistent, including %s,"
              + " because clusters do not support ephemeral columns",
          path, changed.size(), name, changed.getFirst());
    }
    return new ClusterContents(name, kept, rows);
  }
}
