package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/** Reads the answer to a {@code transact} request. Stateless. */
final class CommitReply {
  private CommitReply() {}

  /** Both nodes null: the connection broke before the answer. */
  static CommitResult read(Edit edit, JsonNode results, JsonNode error) {
    if (results == null) {
      return error == null ? new CommitResult.Disconnected() : failure(OvsdbError.fromJson(error));
    }
    for (JsonNode result : results) {
      if (result.hasNonNull("error") && !result.get("error").asText().equals("aborted")) {
        return failure(OvsdbError.fromJson(result));
      }
    }
    try {
      return edit.committed(results);
    } catch (OvsdbException e) {
      return failure(e.error());
    }
  }

  private static CommitResult failure(OvsdbError error) {
    return switch (error.tag()) {
      // Canceled: the database was removed or converted meanwhile.
      case "timed out", "canceled" -> new CommitResult.TryAgain();
      case "not owner" -> new CommitResult.NotLocked();
      default -> new CommitResult.Failed(error);
    };
  }
}
