package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.client.Connector;
import org.sluice.tools.dbclient.ClientCommand.Call;
import org.sluice.tools.table.JsonPrinter;

/**
 * {@code wait}: until a server has a database, has it connected, or has it no more; tries to reach
 * the server for as long as it takes. Used by the main thread.
 */
final class WaitCommand {
  private static final long FIRST_PAUSE_MS = 1000;
  private static final long LONGEST_PAUSE_MS = 8000;

  private final Remotes remotes;
  private final Vlog log;

  WaitCommand(Remotes remotes, Vlog log) {
    this.remotes = remotes;
    this.log = log;
  }

  void run(Call call) throws InterruptedException {
    int count = call.words().size();
    ArrayNode transaction = transaction(call.words().get(count - 2), call.words().get(count - 1));
    String remote = count > 2 ? call.words().getFirst() : remotes.standard();
    Connector connector;
    try {
      connector = remotes.connector(remote);
    } catch (IllegalArgumentException e) {
      throw new ClientFailure(e.getMessage());
    }
    long pauseMs = FIRST_PAUSE_MS;
    while (true) {
      try {
        log.info("%s: connecting...", remote);
        try (Server server = new Server(remote, connector.connect())) {
          log.info("%s: connected", remote);
          pauseMs = FIRST_PAUSE_MS;
          await(server, transaction);
          return;
        }
      } catch (IOException e) {
        log.info("%s: connection attempt failed (%s)", remote, e.getMessage());
      }
      log.info("%s: waiting %d seconds before reconnect", remote, pauseMs / 1000);
      Thread.sleep(pauseMs);
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS);
    }
  }

  private static void await(Server server, ArrayNode transaction) throws IOException {
    JsonRpcMessage aware = server.call("set_db_change_aware", Server.array().add(true));
    if (aware instanceof JsonRpcMessage.ErrorReply(JsonNode error, JsonNode _)) {
      throw new ClientFailure(
          "%s: set_db_change_aware failed (%s)"
              .formatted(server.name(), JsonPrinter.compact(error)));
    }
    switch (server.call("transact", transaction)) {
      case JsonRpcMessage.Reply(JsonNode results, JsonNode _) -> Session.checkResults(results);
      case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode _) ->
          throw new ClientFailure("transaction returned error: " + JsonPrinter.compact(error));
      case null, default -> throw new IOException("connection closed by peer");
    }
  }

  private static ArrayNode transaction(String database, String state) {
    ArrayNode params = Server.array().add("_Server");
    ObjectNode operation = params.addObject();
    operation.put("op", "wait").put("table", "Database").put("until", "==");
    operation.putArray("where").addArray().add("name").add("==").add(database);
    ArrayNode columns = operation.putArray("columns");
    ArrayNode rows = operation.putArray("rows");
    switch (state) {
      case "connected" -> {
        columns.add("connected");
        rows.addObject().put("connected", true);
      }
      case "added" -> rows.addObject();
      case "removed" -> {}
      default -> throw new ClientFailure(state + ": unknown state");
    }
    return params;
  }
}
