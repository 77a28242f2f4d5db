package org.sluice.ovsdb.client;

import com.fasterxml.jackson.databind.JsonNode;
import org.sluice.ovsdb.data.OvsdbError;

/** Reads the answer to a {@code transact} request. Stateless. */
final class CommitReply {
  private CommitReply() {}

  /** Both nodes null: the connection broke before the answer. */
  static CommitResult read(Edit edit, JsonNode results, JsonNode error) {
    if (results == null) {
      return error == null
          ? new CommitResult.Disconnected()
          : new CommitResult.Failed(OvsdbError.fromJson(error));
    }
    for (JsonNode result : results) {
      if (result.hasNonNull("error")) {
        return failure(OvsdbError.fromJson(result));
      }
    }
    return new CommitResult.Committed(edit.inserted(results));
  }

  private static CommitResult failure(OvsdbError error) {
    return switch (error.tag()) {
      case "timed out" -> new CommitResult.TryAgain();
      case "not owner" -> new CommitResult.NotLocked();
      default -> new CommitResult.Failed(error);
    };
  }
}
