package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.UUID;
import org.sluice.ovsdb.transaction.ChangeSet;

/** One client's standing wish to be told of changes. Belongs to the writer thread. */
final class Monitor {
  /** The generations of the protocol. */
  enum Version {
    PLAIN("monitor", "update"),
    COND("monitor_cond", "update2"),
    SINCE("monitor_cond_since", "update3");

    private final String request;
    private final String notification;

    Version(String request, String notification) {
      this.request = request;
      this.notification = notification;
    }

    /** Which generation begins with a request of that name, or null. */
    static Version ofRequest(String method) {
      for (Version version : values()) {
        if (version.request.equals(method)) {
          return version;
        }
      }
      return null;
    }
  }

  private final Session session;
  private final ServedDatabase database;
  private final Version version;
  private JsonNode id;
  private MonitorSpec spec;
  private final FoldedChanges held = new FoldedChanges();
  private UUID heldUpTo;

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

  /** Remembers changes until the client is ready for them. */
  void holdBack(ChangeSet changes) {
    changes.rows().forEach(held::add);
    heldUpTo = changes.id();
  }

  /** Whether changes are held back. */
  boolean holdsBack() {
    return heldUpTo != null;
  }

  /** What was held back, folded to one change per row, as an update; empty if nothing shows. */
  byte[] takeHeldBack() {
    byte[] updates = spec.updates(held.take());
    UUID upTo = heldUpTo;
    heldUpTo = null;
    return updates.length == 0 ? updates : notification(upTo, updates);
  }

  /** About what memory it takes: of {@link KeptItems}. */
  long bytes() {
    return bytes(id, spec);
  }

  /** What a monitor of that name and with those wishes takes. */
  static long bytes(JsonNode id, MonitorSpec spec) {
    return KeptItems.bytes(id) + spec.bytes();
  }

  /** Takes another name and other conditions. */
  void change(JsonNode newId, MonitorSpec newSpec) {
    id = newId;
    spec = newSpec;
  }

  /** Whether a notification for {@code other} reads the same for this one. */
  boolean isToldTheSameAs(Monitor other) {
    return spec.equals(other.spec) && version == other.version && id.equals(other.id);
  }

  /** The notification of encoded updates that led to the state {@code transaction}. */
  byte[] notification(UUID transaction, byte[] updates) {
    JsonNode[] head =
        version == Version.SINCE
            ? new JsonNode[] {id, TextNode.valueOf(database.publicName(transaction).toString())}
            : new JsonNode[] {id};
    return Encoded.notification(version.notification, head, updates);
  }
}
