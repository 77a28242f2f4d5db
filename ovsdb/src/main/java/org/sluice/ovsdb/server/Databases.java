package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/** The databases served, by name. Belongs to the writer thread. */
final class Databases {
  private final Map<String, ServedDatabase> byName = new TreeMap<>();

  Collection<ServedDatabase> all() {
    return byName.values();
  }

  /** Those that can be asked. */
  List<String> names() {
    return byName.values().stream()
        .filter(ServedDatabase::isAvailable)
        .map(ServedDatabase::name)
        .toList();
  }

  ServedDatabase get(String name) {
    return byName.get(name);
  }

  void put(ServedDatabase database) {
    byName.put(database.name(), database);
  }

  void remove(String name) {
    byName.remove(name);
  }

  /** The database that a request's first parameter names. */
  ServedDatabase named(String method, ArrayNode params) throws OvsdbException {
    JsonNode name = params.path(0);
    if (!name.isTextual()) {
      String text = "%s request params must begin with <db-name>".formatted(method);
      throw OvsdbError.syntax(params, text).thrown();
    }
    ServedDatabase database = byName.get(name.textValue());
    if (database == null) {
      String text = "%s request specifies unknown database %s".formatted(method, name.textValue());
      throw OvsdbError.syntax("unknown database", params, text).thrown();
    }
    if (!database.isAvailable()) {
      String text =
          ("%s request specifies database %s which is not yet available because it has not "
                  + "completed joining its cluster")
              .formatted(method, name.textValue());
      throw OvsdbError.of("database not available", text).thrown();
    }
    return database;
  }
}
