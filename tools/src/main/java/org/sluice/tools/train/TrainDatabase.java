package org.sluice.tools.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;

/** Does with a database what a server mostly does: transactions, a monitor, opening the file. */
final class TrainDatabase {
  private static final int TRANSACTIONS = 300;
  private static final int ROWS = 20;
  private static final int OPENINGS = 5;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private TrainDatabase() {}

  static void run(Path folder) throws IOException, OvsdbException {
    Path file = folder.resolve("train.db");
    DatabaseFile.create(file, ShippedSchemas.openVswitch());
    Vlog log = new VlogRegistry(Clock.system(), "train", System.err).vlog("ovsdb_server");
    try (OvsdbServer server = new OvsdbServer(ServerConfig.in(folder), Clock.system(), log)) {
      server.addDatabase(file);
      server.addRemote("punix:train.sock");
      Path socket = folder.resolve("train.sock");
      try (JsonRpcConnection client =
          JsonRpcConnection.connectUnix(socket, JsonRpcLimits.DATABASE)) {
        converse(client);
      }
      server.compact(null);
    }
    for (int i = 0; i < OPENINGS; i++) {
      DatabaseFile.read(file);
    }
  }

  private static void converse(JsonRpcConnection client) throws IOException {
    ObjectNode tables = JSON.objectNode();
    tables.putObject("Queue");
    call(client, "monitor_cond", JSON.arrayNode().add("Open_vSwitch").add(0).add(tables));
    for (int i = 0; i < TRANSACTIONS; i++) {
      ArrayNode params = JSON.arrayNode().add("Open_vSwitch");
      for (int row = 0; row < ROWS; row++) {
        params.add(insert(i * ROWS + row));
      }
      call(client, "transact", params);
    }
    call(client, "monitor_cond", JSON.arrayNode().add("Open_vSwitch").add(1).add(tables));
  }

  private static ObjectNode insert(int number) {
    ObjectNode insert = JSON.objectNode();
    insert.put("op", "insert").put("table", "Queue");
    ArrayNode pairs = JSON.arrayNode();
    pairs.addArray().add("name").add("queue" + number);
    pairs.addArray().add("rate").add("1000");
    insert.putObject("row").putArray("other_config").add("map").add(pairs);
    return insert;
  }

  private static void call(JsonRpcConnection client, String method, ArrayNode params)
      throws IOException {
    client.send(new JsonRpcMessage.Request(method, params, LongNode.valueOf(1)));
    JsonRpcMessage answer = client.receive();
    while (answer instanceof JsonRpcMessage.Notification) {
      answer = client.receive();
    }
  }
}
