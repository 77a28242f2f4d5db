package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * What a server serves, and where: the contents of a configuration file. Immutable.
 *
 * <pre>
 *   {"remotes": {REMOTE: OPTIONS, ...}, "databases": {FILE OR NAME: DATABASE, ...}}
 *   OPTIONS   null, or any of inactivity-probe, max-backoff, read-only, role, dscp
 *   DATABASE  null, or {"service-model": "standalone"}
 *             or {"service-model": "relay", "source": {REMOTE: OPTIONS}}
 *             or {"service-model": "active-backup", "backup": BOOLEAN, "source": {REMOTE: OPTIONS},
 *                 "exclude-tables": [TABLE, ...]}
 * </pre>
 */
public record ServerSettings(
    Map<String, RemoteOptions> remotes, Map<String, DatabaseConfig> databases) {
  /** Keeps copies. */
  public ServerSettings {
    remotes = new LinkedHashMap<>(remotes);
    databases = new LinkedHashMap<>(databases);
  }

  /** Reads them; null if they are wrong, which is logged. */
  public static ServerSettings fromJson(JsonNode json, Vlog log) {
    if (!json.isObject()) {
      log.warn("configuration in a file must be a JSON object");
      return null;
    }
    Map<String, RemoteOptions> remotes = remotes(json.path("remotes"), log);
    if (remotes == null) {
      log.warn("config: failed to parse 'remotes'");
      return null;
    }
    Map<String, DatabaseConfig> databases = databases(json.path("databases"), log);
    if (databases == null) {
      log.warn("config: failed to parse 'databases'");
      return null;
    }
    return new ServerSettings(remotes, databases);
  }

  private static Map<String, RemoteOptions> remotes(JsonNode json, Vlog log) {
    if (!json.isObject()) {
      log.warn("config: 'remotes' is not a JSON object");
      return null;
    }
    return optionsByRemote(json, true, log);
  }

  private static Map<String, RemoteOptions> optionsByRemote(
      JsonNode json, boolean ofClients, Vlog log) {
    Map<String, RemoteOptions> remotes = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      remotes.put(entry.getKey(), options(entry.getKey(), entry.getValue(), ofClients, log));
    }
    return remotes;
  }

  /** Options that are wrong are as none, so that a mistake in them does not stop a server. */
  private static RemoteOptions options(String name, JsonNode json, boolean ofClients, Vlog log) {
    if (json.isNull()) {
      return RemoteOptions.NONE;
    }
    if (!json.isObject()) {
      log.warn("%s: JSON-RPC options are not a JSON object or null", name);
      return RemoteOptions.NONE;
    }
    try {
      return RemoteOptions.fromJson(json, ofClients);
    } catch (OvsdbException e) {
      log.warn("%s", e.getMessage());
      return RemoteOptions.NONE;
    }
  }

  private static Map<String, DatabaseConfig> databases(JsonNode json, Vlog log) {
    if (!json.isObject()) {
      log.warn("config: 'databases' is not a JSON object or null");
      return null;
    }
    Map<String, DatabaseConfig> databases = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      try {
        databases.put(entry.getKey(), database(entry.getKey(), entry.getValue(), log));
      } catch (OvsdbException e) {
        log.warn("%s", e.getMessage());
        return null;
      }
    }
    return databases;
  }

  private static DatabaseConfig database(String name, JsonNode json, Vlog log)
      throws OvsdbException {
    if (json.isNull()) {
      return DatabaseConfig.STANDALONE;
    }
    MemberReader members = new MemberReader(json, "database " + name);
    JsonNode modelJson = members.optional("service-model", Kind.STRING);
    ServiceModel model = modelJson == null ? null : model(modelJson.textValue(), members, log);
    boolean backup = false;
    Map<String, RemoteOptions> source = null;
    Set<String> excluded = new TreeSet<>();
    if (model == ServiceModel.ACTIVE_BACKUP) {
      backup = members.flag("backup", false);
      JsonNode tables = members.optional("exclude-tables", Kind.ARRAY);
      (tables == null ? JsonNodeFactory.instance.arrayNode() : tables)
          .forEach(table -> excluded.add(table.asText()));
    }
    if (model == ServiceModel.RELAY || backup) {
      source = optionsByRemote(members.required("source", Kind.OBJECT), false, log);
    } else if (model == ServiceModel.ACTIVE_BACKUP) {
      JsonNode any = members.optional("source", Kind.OBJECT);
      source = any == null ? null : optionsByRemote(any, false, log);
    }
    members.finish();
    return new DatabaseConfig(
        model, source == null ? null : new DatabaseSource(source), backup, excluded);
  }

  private static ServiceModel model(String text, MemberReader members, Vlog log)
      throws OvsdbException {
    ServiceModel model = ServiceModel.fromText(text);
    if (model == null) {
      log.warn("Unrecognized database service model: '%s'", text);
      throw members.fail("'%s' is not a valid service model".formatted(text));
    }
    return model;
  }

  /** The form of a configuration file. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode remotesJson = json.putObject("remotes");
    remotes.forEach((name, options) -> remotesJson.set(name, options.toJson()));
    ObjectNode databasesJson = json.putObject("databases");
    databases.forEach((name, config) -> databasesJson.set(name, toJson(config)));
    return json;
  }

  private static ObjectNode toJson(DatabaseConfig config) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    if (config.model() != null) {
      json.put("service-model", config.model().text());
    }
    if (config.source() != null) {
      ObjectNode source = json.putObject("source");
      config.source().remotes().forEach((name, options) -> source.set(name, options.toJson()));
    }
    if (config.model() == ServiceModel.ACTIVE_BACKUP) {
      json.put("backup", config.backup());
      ArrayNode excluded = json.putArray("exclude-tables");
      config.excluded().forEach(excluded::add);
    }
    return json;
  }
}
