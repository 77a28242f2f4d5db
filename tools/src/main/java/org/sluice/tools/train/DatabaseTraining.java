package org.sluice.tools.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;

/**
 * Does with a database what a server mostly does: many rows at once, one at a time, ports that come
 * to a bridge and go, a monitor, opening the file. How often it does what is up to who trains.
 */
final class DatabaseTraining {
  private static final int ROWS_AT_ONCE = 200;

  /** From so many ports on each goes as it has come. */
  private static final int LARGE_BRIDGE = 2_000;

  private static final String SWITCH = "\"Open_vSwitch\"";

  /**
   * How much of it.
   *
   * @param rows rows that are inserted many at a time, and read again
   * @param changes changes of one row
   * @param ports ports that come and go
   * @param openings how often the file is read
   */
  record Amount(int rows, int changes, int ports, int openings) {}

  private DatabaseTraining() {}

  /** Trains a server of its own. */
  static void run(Path folder, Amount amount) throws IOException, OvsdbException {
    Path file = folder.resolve("train.db");
    DatabaseFile.create(file, ShippedSchemas.openVswitch());
    Vlog log = new VlogRegistry(Clock.system(), "train", System.err).vlog("ovsdb_server");
    try (OvsdbServer server = new OvsdbServer(ServerConfig.in(folder), Clock.system(), log)) {
      server.addDatabase(file);
      server.addRemote("punix:train.sock");
      converse(folder.resolve("train.sock"), amount);
    }
    read(file, amount);
  }

  /** Opens a file again and again, and writes it as compaction does. */
  static void read(Path file, Amount amount) throws IOException, OvsdbException {
    for (int i = 0; i < amount.openings(); i++) {
      DatabaseFile.open(file).file().close();
    }
    DatabaseFile.write(file, DatabaseFile.read(file), "training", 0);
  }

  /** Trains the server that listens at {@code socket}. */
  static void converse(Path socket, Amount amount) throws IOException {
    try (Client client = new Client(socket);
        Client watcher = new Client(socket)) {
      converse(client, watcher, amount);
    }
  }

  private static void converse(Client client, Client watcher, Amount amount) throws IOException {
    String watch =
        "[%s,0,{\"Queue\":[{}],\"Bridge\":[{\"columns\":[\"name\",\"ports\"]}],\"Port\":[{}]}]";
    watcher.call("monitor_cond", watch.formatted(SWITCH));
    for (int i = 0; i < amount.rows(); i += ROWS_AT_ONCE) {
      client.call("transact", queues(i));
    }
    watcher.call("monitor_cond", "[%s,1,{\"Queue\":[{}]}]".formatted(SWITCH));
    JsonNode uuid = client.call("transact", queues(amount.rows())).get(0).get("uuid");
    for (int i = 0; i < amount.changes(); i++) {
      client.call("transact", change(uuid, i));
    }
    client.call(
        "transact",
        """
        [%s,{"op":"insert","table":"Bridge","uuid-name":"b","row":{"name":"br0"}},\
        {"op":"insert","table":"Open_vSwitch","row":{"bridges":["named-uuid","b"]}}]\
        """
            .formatted(SWITCH));
    for (int i = 0; i < amount.ports(); i++) {
      JsonNode port = client.call("transact", addPort(i)).get(1).get("uuid");
      if (i % 2 == 0 || i >= LARGE_BRIDGE) {
        client.call("transact", removePort(port));
      }
    }
  }

  private static String queues(int first) {
    StringBuilder out = new StringBuilder("[").append(SWITCH);
    for (int i = first; i < first + ROWS_AT_ONCE; i++) {
      out.append(
          """
          ,{"op":"insert","table":"Queue","row":{"dscp":%d,"other_config":["map",\
          [["name","queue%d"],["rate","1000"]]]}}\
          """
              .formatted(i % 64, i));
    }
    return out.append(']').toString();
  }

  private static String change(JsonNode uuid, int i) {
    return """
    [%s,{"op":"mutate","table":"Queue","where":[["_uuid","==",%s]],"mutations":[["dscp","%s",1]]},\
    {"op":"commit","durable":true}]\
    """
        .formatted(SWITCH, uuid, i % 2 == 0 ? "+=" : "-=");
  }

  private static String addPort(int number) {
    return """
    [%1$s,{"op":"insert","table":"Interface","uuid-name":"i","row":{"name":"p%2$d"}},\
    {"op":"insert","table":"Port","uuid-name":"p","row":{"name":"p%2$d",\
    "interfaces":["named-uuid","i"]}},\
    {"op":"mutate","table":"Bridge","where":[["name","==","br0"]],\
    "mutations":[["ports","insert",["named-uuid","p"]]]},{"op":"commit","durable":true}]\
    """
        .formatted(SWITCH, number);
  }

  private static String removePort(JsonNode uuid) {
    return """
    [%s,{"op":"select","table":"Bridge","where":[["name","==","br0"]]},\
    {"op":"mutate","table":"Bridge","where":[],"mutations":[["ports","delete",%s]]}]\
    """
        .formatted(SWITCH, uuid);
  }

  /** A connection that waits for each answer. */
  private record Client(JsonRpcConnection connection) implements Closeable {
    Client(Path socket) throws IOException {
      this(JsonRpcConnection.connectUnix(socket, JsonRpcLimits.DATABASE));
    }

    JsonNode call(String method, String params) throws IOException {
      ArrayNode array = (ArrayNode) JsonText.parse(params);
      connection.send(new JsonRpcMessage.Request(method, array, LongNode.valueOf(1)));
      JsonRpcMessage answer = connection.receive();
      while (answer instanceof JsonRpcMessage.Notification) {
        answer = connection.receive();
      }
      if (answer instanceof JsonRpcMessage.Reply reply) {
        return reply.result();
      }
      throw new IOException("the server refused: " + answer);
    }

    @Override
    public void close() throws IOException {
      connection.close();
    }
  }
}
