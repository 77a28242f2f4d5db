package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.tools.table.JsonPrinter;

/** Requests and checks that several commands share. Stateless. */
final class Session {
  private Session() {}

  /** Asks to be told rather than disconnected when databases come, go or are converted. */
  static void beChangeAware(Server server, ClientSettings settings) {
    if (!settings.mayBeChangeAware()) {
      return;
    }
    JsonRpcMessage reply;
    try {
      reply = server.call("set_db_change_aware", Server.array().add(true));
    } catch (IOException e) {
      throw failed(server, e.getMessage());
    }
    if (reply == null) {
      throw failed(server, "End of file");
    }
    if (reply instanceof JsonRpcMessage.ErrorReply(JsonNode error, JsonNode _)
        && settings.mustBeChangeAware()) {
      throw new ClientFailure(
          "%s: set_db_change_aware failed (%s)"
              .formatted(server.name(), JsonPrinter.compact(error)));
    }
  }

  private static ClientFailure failed(Server server, String why) {
    return new ClientFailure(server.name() + ": error setting db_change_aware (" + why + ")");
  }

  /** Complains unless every operation of a transaction succeeded. */
  static void checkResults(JsonNode results) {
    if (!results.isArray()) {
      throw new ClientFailure("result is not array");
    }
    for (JsonNode result : results) {
      if (!result.isObject()) {
        throw new ClientFailure("result array element is not object");
      }
      if (result.has("error")) {
        throw new ClientFailure("server returned error reply: " + JsonPrinter.compact(result));
      }
    }
  }
}
