package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.UUID;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;

/**
 * What a server says about one of its databases, in its own database {@code _Server}. Immutable.
 *
 * @param row the database's row; missing if the server has no such database
 */
record DatabaseInfo(JsonNode row) {
  /**
   * Asks {@code server}.
   *
   * @param cluster the cluster that the database must be of, or null
   */
  static DatabaseInfo of(Server server, String database, UUID cluster, Vlog log)
      throws IOException {
    JsonRpcMessage reply = server.call("transact", query(database));
    if (reply == null) {
      throw new IOException("End of file");
    }
    boolean answered = reply instanceof JsonRpcMessage.Reply;
    JsonNode rows = answered ? ((JsonRpcMessage.Reply) reply).result().path(0).path("rows") : null;
    if (rows == null || !rows.isArray()) {
      log.warn("%s: unexpected reply to _Server request for %s", server.name(), database);
      return new DatabaseInfo(MissingNode.getInstance());
    }
    for (JsonNode row : rows) {
      if (isOf(row, database, cluster)) {
        return new DatabaseInfo(row);
      }
    }
    return new DatabaseInfo(MissingNode.getInstance());
  }

  private static ArrayNode query(String database) {
    ArrayNode params = Server.array().add("_Server");
    params
        .addObject()
        .put("op", "select")
        .put("table", "Database")
        .putArray("where")
        .addArray()
        .add("name")
        .add("==")
        .add(database);
    return params;
  }

  private static boolean isOf(JsonNode row, String database, UUID cluster) {
    boolean sameCluster =
        cluster == null || cluster.toString().equals(row.path("cid").path(1).textValue());
    return database.equals(row.path("name").textValue()) && sameCluster;
  }

  /** Whether a program that has other servers to choose from should take this one. */
  boolean isAcceptable(boolean leaderOnly) {
    if (row.isMissingNode() || model().equals("standalone")) {
      return !row.isMissingNode();
    }
    return isNotFalse("connected") && (!leaderOnly || isNotFalse("leader"));
  }

  private boolean isNotFalse(String column) {
    JsonNode value = row.path(column);
    return !value.isBoolean() || value.booleanValue();
  }

  private String model() {
    return row.path("model").asText("");
  }
}
