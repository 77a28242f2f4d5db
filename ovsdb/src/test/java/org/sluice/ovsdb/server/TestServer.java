package org.sluice.ovsdb.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.sluice.base.clock.Clock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.TestDatabase;

/**
 * A server of the family database in this process, and clients that speak JSON-RPC to it by hand.
 */
final class TestServer implements Closeable {
  private final Path socket;
  private final OvsdbServer server;

  TestServer(Path directory, ServerConfig config) throws IOException, OvsdbException {
    this(directory, config, null);
  }

  /** A server that logs there what an operator is told; only errors, to the console, if null. */
  TestServer(Path directory, ServerConfig config, PrintStream lines)
      throws IOException, OvsdbException {
    this.socket = directory.resolve("db.sock");
    Path file = directory.resolve("family.db");
    if (!Files.exists(file)) {
      DatabaseFile.create(file, DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA)));
    }
    VlogRegistry registry =
        new VlogRegistry(Clock.system(), "test", lines == null ? System.err : lines);
    Vlog log = registry.vlog("ovsdb_server");
    LogLevel level = lines == null ? LogLevel.ERR : LogLevel.INFO;
    registry.setLevel(log, LogDestination.CONSOLE, level);
    this.server = new OvsdbServer(config, Clock.system(), log);
    server.addDatabase(file);
    server.addRemote("punix:db.sock");
  }

  OvsdbServer server() {
    return server;
  }

  Path socket() {
    return socket;
  }

  Client client() throws IOException {
    return new Client(JsonRpcConnection.connectUnix(socket, JsonRpcLimits.DATABASE));
  }

  @Override
  public void close() throws IOException {
    server.close();
  }

  /** One connection; JSON in single quotes. */
  static final class Client implements Closeable {
    private final JsonRpcConnection connection;
    private final Deque<JsonRpcMessage.Notification> notifications = new ArrayDeque<>();
    private long nextId = 1;

    Client(JsonRpcConnection connection) {
      this.connection = connection;
    }

    long send(String method, String params) throws IOException {
      ArrayNode json = (ArrayNode) TestDatabase.json(params);
      connection.send(new JsonRpcMessage.Request(method, json, LongNode.valueOf(nextId)));
      return nextId++;
    }

    void tell(String method, String params) throws IOException {
      ArrayNode json = (ArrayNode) TestDatabase.json(params);
      connection.send(new JsonRpcMessage.Notification(method, json));
    }

    /** Waits for the answer to a request, keeping notifications that come before it. */
    String answer(long id) throws IOException {
      while (true) {
        switch (connection.receive()) {
          case JsonRpcMessage.Reply(JsonNode result, JsonNode to) when to.longValue() == id -> {
            return TestDatabase.text(result);
          }
          case JsonRpcMessage.ErrorReply(JsonNode error, JsonNode to) when to.longValue() == id -> {
            return "error " + TestDatabase.text(error);
          }
          case JsonRpcMessage.Notification notification -> notifications.add(notification);
          case null -> throw new IOException("closed");
          default -> {}
        }
      }
    }

    String call(String method, String params) throws IOException {
      return answer(send(method, params));
    }

    String transact(String operations) throws IOException {
      return call("transact", "['family'," + operations + "]");
    }

    /** The next notification as text. */
    String notification() throws IOException {
      while (notifications.isEmpty()) {
        switch (connection.receive()) {
          case JsonRpcMessage.Notification notification -> notifications.add(notification);
          case null -> throw new IOException("closed");
          default -> {}
        }
      }
      JsonRpcMessage.Notification first = notifications.remove();
      return first.method() + " " + TestDatabase.text(first.params());
    }

    boolean hasNotification() {
      return !notifications.isEmpty();
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }
}
