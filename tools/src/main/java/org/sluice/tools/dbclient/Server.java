package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;

/**
 * A connection to a database server. One thread receives; others may send. What goes wrong ends the
 * program with a {@link ClientFailure}.
 */
final class Server implements Closeable {
  private final String name;
  private final JsonRpcConnection connection;
  private final AtomicInteger nextId = new AtomicInteger();

  Server(String name, JsonRpcConnection connection) {
    this.name = name;
    this.connection = connection;
  }

  /** How the server was reached, such as {@code unix:db.sock}. */
  String name() {
    return name;
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Sends a request; its answer will have the id that is returned. */
  JsonNode send(String method, ArrayNode params) throws IOException {
    JsonNode id = IntNode.valueOf(nextId.getAndIncrement());
    connection.send(new JsonRpcMessage.Request(method, params, id));
    return id;
  }

  /** The next message but for echo requests, which are answered; null at the end of the stream. */
  JsonRpcMessage receive() throws IOException {
    while (true) {
      JsonRpcMessage message = connection.receive();
      if (message instanceof JsonRpcMessage.Request(String method, ArrayNode params, JsonNode id)
          && method.equals("echo")) {
        connection.send(new JsonRpcMessage.Reply(params, id));
      } else {
        return message;
      }
    }
  }

  /** The same where the program cannot go on without. */
  JsonRpcMessage receiveOrFail() {
    JsonRpcMessage message;
    try {
      message = receive();
    } catch (IOException e) {
      throw new ClientFailure(name + ": receive failed (" + e.getMessage() + ")");
    }
    if (message == null) {
      throw new ClientFailure(name + ": receive failed (End of file)");
    }
    return message;
  }

  /** Sends a request and waits for its {@code Reply} or {@code ErrorReply}; null at the end. */
  JsonRpcMessage call(String method, ArrayNode params) throws IOException {
    JsonNode id = send(method, params);
    while (true) {
      JsonRpcMessage message = receive();
      switch (message) {
        case null -> {
          return null;
        }
        case JsonRpcMessage.Reply(JsonNode _, JsonNode to) when to.equals(id) -> {
          return message;
        }
        case JsonRpcMessage.ErrorReply(JsonNode _, JsonNode to) when to.equals(id) -> {
          return message;
        }
        default -> {}
      }
    }
  }

  /** Sends a request and waits for its result. */
  JsonNode result(String method, ArrayNode params, Output output) {
    JsonRpcMessage message;
    try {
      message = call(method, params);
    } catch (IOException e) {
      throw new ClientFailure("transaction failed (" + e.getMessage() + ")");
    }
    return switch (message) {
      case JsonRpcMessage.Reply(JsonNode result, JsonNode _) -> result;
      case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode _) ->
          throw new ClientFailure("transaction returned error: " + output.json(error));
      case null, default -> throw new ClientFailure("transaction failed (End of file)");
    };
  }

  DatabaseSchema schema(String database, Output output) throws OvsdbException {
    return DatabaseSchema.fromJson(result("get_schema", array().add(database), output));
  }

  /** The names of the databases, in order. */
  List<String> databases(Output output) {
    JsonNode result = result("list_dbs", array(), output);
    if (!result.isArray()) {
      throw new ClientFailure("list_dbs response is not array");
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : result) {
      if (!name.isTextual()) {
        throw new ClientFailure("list_dbs response " + names.size() + " is not string");
      }
      names.add(name.textValue());
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
