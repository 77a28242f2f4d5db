package org.sluice.ovsdb.storage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.UUID;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.transaction.ChangeSet;
import org.sluice.ovsdb.transaction.CommitCheck;
import org.sluice.ovsdb.transaction.Database;
import org.sluice.ovsdb.transaction.LockHolder;
import org.sluice.ovsdb.transaction.Outcome;
import org.sluice.ovsdb.transaction.Request;
import org.sluice.ovsdb.transaction.Transaction;
import org.sluice.ovsdb.transaction.TransactionExecutor;

/** A transaction on a file that no server has open. Used once, by one thread. */
public final class OfflineTransaction {
  /** What is done with the changes of a transaction that succeeds. */
  @FunctionalInterface
  private interface Commit {
    void accept(ChangeSet changes) throws IOException;
  }

  private final Path path;
  private final JsonNode params;
  private final LockHolder sender;

  /**
   * The transaction {@code params}, as {@code transact} takes it, on the file {@code path}.
   *
   * @param role in which it is run, by the database's own access rules; empty for no restriction
   */
  public OfflineTransaction(Path path, JsonNode params, String role) {
    this.path = path;
    this.params = params;
    this.sender = new InRole(role);
  }

  /** Somebody who holds no lock and is in a role. */
  private record InRole(String role) implements LockHolder {
    @Override
    public boolean holds(String lock) {
      return false;
    }
  }

  /** Runs it without a lock on the file and without changing it; returns the results. */
  public JsonNode query() throws IOException, OvsdbException {
    return execute(DatabaseFile.read(path), _ -> {});
  }

  /** Runs it and makes its changes durable; returns the results. */
  public JsonNode transact(long wallMs) throws IOException, OvsdbException {
    DatabaseFile.Opened opened = DatabaseFile.openUntorn(path);
    try (DatabaseFile file = opened.file()) {
      return execute(
          opened.database(),
          changes -> {
            file.append(changes, wallMs);
            file.sync();
          });
    }
  }

  private JsonNode execute(Database database, Commit commit) throws IOException {
    if (!params.isArray()) {
      return OvsdbError.syntax(params, "array expected").toJson();
    }
    if (!database.name().equals(params.path(0).textValue())) {
      return OvsdbError.syntax(params, "database name expected as first parameter").toJson();
    }
    Request request = new Request(params, sender, false, Request.ONCE);
    return switch (new TransactionExecutor(database, UUID::randomUUID).execute(request)) {
      case Outcome.Ready(ArrayNode results, Transaction transaction) ->
          finish(results, transaction, commit);
      case Outcome.Failed(ArrayNode results) -> results;
      case Outcome.Blocked _ ->
          throw new IllegalStateException("a request that can only be run once has blocked");
    };
  }

  private static JsonNode finish(ArrayNode results, Transaction transaction, Commit commit)
      throws IOException {
    ChangeSet changes;
    try {
      changes = CommitCheck.run(transaction);
    } catch (OvsdbException e) {
      return results.add(e.error().toJson());
    }
    if (!changes.isEmpty()) {
      commit.accept(changes);
    }
    return results;
  }
}
