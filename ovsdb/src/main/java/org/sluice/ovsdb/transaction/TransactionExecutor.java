package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;
import java.util.function.Supplier;
import org.sluice.ovsdb.data.MemberReader;
import org.sluice.ovsdb.data.MemberReader.Kind;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;

/**
 * Runs the operations of a {@code transact} request one after the other, stopping at the first that
 * fails. Belongs to the database's writer thread.
 */
public final class TransactionExecutor {
  private final Database database;
  private final Supplier<UUID> uuids;
  private final long maxBytes;

  /**
   * An executor for one database, whose requests may find and change what takes a quarter of the
   * memory.
   *
   * @param uuids makes UUIDs for rows and versions
   */
  public TransactionExecutor(Database database, Supplier<UUID> uuids) {
    this(database, uuids, Runtime.getRuntime().maxMemory() / 4);
  }

  /** One whose requests may find, and may change, what takes {@code maxBytes}. */
  TransactionExecutor(Database database, Supplier<UUID> uuids, long maxBytes) {
    this.database = database;
    this.uuids = uuids;
    this.maxBytes = maxBytes;
  }

  /** Whether an operation of that name changes nothing. */
  public static boolean isReadOnly(String operation) {
    return Operations.isReadOnly(operation);
  }

  /** Runs a request, changing nothing yet; one without a database's name asks for nothing. */
  public Outcome execute(Request request) {
    Transaction transaction = new Transaction(database, uuids);
    Operations operations = new Operations(transaction, request, new Allowance(maxBytes));
    int count = Math.max(0, request.params().size() - 1);
    ArrayNode results = JsonNodeFactory.instance.arrayNode(count);
    for (int i = 1; i <= count; i++) {
      try {
        results.add(execute(operations, request, i));
      } catch (OvsdbException e) {
        return failed(results, e.error(), count);
      } catch (Operations.BlockedException _) {
        return new Outcome.Blocked(operations.shortestTimeoutMs());
      }
    }
    return new Outcome.Ready(results, transaction);
  }

  /** What a transaction changes, if it may and if it is not too much. */
  public ChangeSet check(Transaction transaction) throws OvsdbException {
    ChangeSet changes = CommitCheck.run(transaction);
    new Allowance(maxBytes).takeChanged(changes.rows());
    return changes;
  }

  private static Outcome failed(ArrayNode results, OvsdbError error, int count) {
    results.add(error.toJson());
    while (results.size() < count) {
      results.addNull();
    }
    return new Outcome.Failed(results);
  }

  private ObjectNode execute(Operations operations, Request request, int i)
      throws OvsdbException, Operations.BlockedException {
    JsonNode params = request.params();
    String what = "ovsdb operation " + i + " of " + (params.size() - 1);
    MemberReader members = new MemberReader(params.get(i), what);
    String name = members.required("op", Kind.ID).textValue();
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    try {
      operations.run(name, members, result);
    } catch (OvsdbException e) {
      members.finish();
      throw e;
    }
    members.finish();
    if (!Operations.isReadOnly(name)) {
      checkWritable(name, request);
    }
    return result;
  }

  private void checkWritable(String name, Request request) throws OvsdbException {
    if (request.readOnly()) {
      String text =
          "%s operation not allowed when database server is in read only mode".formatted(name);
      throw OvsdbError.of("not allowed", text).thrown();
    }
    if (database.name().startsWith("_")) {
      String text =
          "%s operation not allowed on table in reserved database %s"
              .formatted(name, database.name());
      throw OvsdbError.of("not allowed", text).thrown();
    }
  }
}
