package org.sluice.ovsdb.client;

import java.util.Map;
import java.util.UUID;
import org.sluice.ovsdb.data.OvsdbError;

/** What came of an edit. */
public sealed interface CommitResult {
  /**
   * The server has made the changes durable.
   *
   * @param inserted the real UUIDs of new rows by those that {@link Edit.NewRow#uuid} gave
   * @param incremented what {@link Edit#increment} came to; -1 without one
   */
  record Committed(Map<UUID, UUID> inserted, long incremented) implements CommitResult {}

  /** There was nothing to change; the server was not asked. */
  record Unchanged() implements CommitResult {}

  /** A verified value has changed meanwhile; build the edit again from a newer snapshot. */
  record TryAgain() implements CommitResult {}

  /** The lock that the client asked for is not its own. */
  record NotLocked() implements CommitResult {}

  /** The server refused. */
  record Failed(OvsdbError error) implements CommitResult {}

  /**
   * The connection is down, or broke before the answer came: then the changes may or may not be
   * made.
   */
  record Disconnected() implements CommitResult {}

  /** Whether the database is now as the edit wanted it. */
  default boolean isOk() {
    return this instanceof Committed || this instanceof Unchanged;
  }
}
