package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.UUID;

/** One client's standing wish to be told of changes. Belongs to the writer thread. */
final class Monitor {
  /** The generations of the protocol. */
  enum Version {
    PLAIN("update"),
    COND("update2"),
    SINCE("update3");

    private final String notification;

    Version(String notification) {
      this.notification = notification;
    }
  }

  private final Session session;
  private final ServedDatabase database;
  private final Version version;
  private JsonNode id;
  private MonitorSpec spec;

  Monitor(
      Session session, ServedDatabase database, Version version, JsonNode id, MonitorSpec spec) {
    this.session = session;
    this.database = database;
    this.version = version;
    this.id = id;
    this.spec = spec;
  }

  Session session() {
    return session;
  }

  ServedDatabase database() {
    return database;
  }

  Version version() {
    return version;
  }

  JsonNode id() {
    return id;
  }

  MonitorSpec spec() {
    return spec;
  }

  /** Takes another name and other conditions. */
  void change(JsonNode newId, MonitorSpec newSpec) {
    id = newId;
    spec = newSpec;
  }

  /** The notification of encoded updates that led to the state {@code transaction}. */
  byte[] notification(UUID transaction, byte[] updates) {
    JsonNode[] head =
        version == Version.SINCE
            ? new JsonNode[] {id, TextNode.valueOf(transaction.toString())}
            : new JsonNode[] {id};
    return Encoded.notification(version.notification, head, updates);
  }
}
