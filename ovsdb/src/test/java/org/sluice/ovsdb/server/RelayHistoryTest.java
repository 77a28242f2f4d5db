package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.server.TestServer.Client;
import org.sluice.ovsdb.transaction.TestDatabase;

/** A relay of a database whose states have names, as those of a cluster have. */
@Timeout(60)
class RelayHistoryTest {
  private static final String ZERO = "00000000-0000-0000-0000-000000000000";
  private static final String FIRST = "10000000-0000-0000-0000-000000000000";
  private static final String SECOND = "20000000-0000-0000-0000-000000000000";
  private static final String THIRD = "30000000-0000-0000-0000-000000000000";
  private static final String EVE = "aaaaaaaa-0000-0000-0000-000000000000";
  private static final String MONITOR = "['family','%s',{'Parent':[{'columns':['name']}]},'%s']";

  @TempDir Path directory;

  /** The server that the relay connects to, spoken for by hand. */
  private static final class Upstream {
    private final JsonRpcConnection connection;
    private JsonNode monitorId;

    Upstream(JsonRpcConnection connection) {
      this.connection = connection;
    }

    /** Answers until the relay's monitor has begun, with an empty database in {@code state}. */
    void answerUntilMonitored(String state) throws IOException {
      while (monitorId == null && connection.receive() instanceof JsonRpcMessage.Request request) {
        connection.send(new JsonRpcMessage.Reply(result(request, state), request.id()));
      }
    }

    private JsonNode result(JsonRpcMessage.Request request, String state) {
      return switch (request.method()) {
        case "get_schema" -> TestDatabase.json(TestDatabase.SCHEMA);
        case "monitor_cond_since" -> {
          monitorId = request.params().get(1);
          yield TestDatabase.json("[false,'" + state + "',{}]");
        }
        default -> TestDatabase.json("{}");
      };
    }

    void update(String state, String updates) throws IOException {
      ArrayNode params = (ArrayNode) TestDatabase.json("[null,'" + state + "'," + updates + "]");
      params.set(0, monitorId);
      connection.send(new JsonRpcMessage.Notification("update3", params));
    }
  }

  private static Vlog log() {
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    Vlog log = registry.vlog("relay");
    registry.setLevel(log, LogDestination.CONSOLE, LogLevel.ERR);
    return log;
  }

  @Test
  void shouldTellReturningClientOnlyWhatItMissed() throws Exception {
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        OvsdbServer relay = new OvsdbServer(ServerConfig.in(directory), Clock.system(), log())) {
      listener.bind(UnixDomainSocketAddress.of(directory.resolve("up.sock")));
      relay.addRelay(
          "family", DatabaseConfig.relay(DatabaseSource.of("unix:up.sock", RemoteOptions.NONE)));
      relay.addRemote("punix:relay.sock");
      Upstream upstream =
          new Upstream(JsonRpcConnection.over(listener.accept(), JsonRpcLimits.DATABASE));
      upstream.answerUntilMonitored(FIRST);
      while (!relay.relaysAreReady()) {
        Thread.onSpinWait();
      }
      try (Client client =
          new Client(
              JsonRpcConnection.connectUnix(
                  directory.resolve("relay.sock"), JsonRpcLimits.DATABASE))) {
        assertEquals(
            "[false,'" + FIRST + "',{}]",
            client.call("monitor_cond_since", MONITOR.formatted("m", ZERO)));
        upstream.update(SECOND, "{'Parent':{'" + EVE + "':{'insert':{'name':'eve'}}}}");
        assertEquals(
            "update3 ['m','%s',{'Parent':{'%s':{'insert':{'name':'eve'}}}}]".formatted(SECOND, EVE),
            client.notification());
        upstream.update(THIRD, "{'Parent':{'" + EVE + "':{'modify':{'name':'ava'}}}}");
        client.notification();
        assertEquals(
            "[true,'%s',{'Parent':{'%s':{'modify':{'name':'ava'}}}}]".formatted(THIRD, EVE),
            client.call("monitor_cond_since", MONITOR.formatted("n", SECOND)));
        assertEquals(
            "[true,'%s',{}]".formatted(THIRD),
            client.call("monitor_cond_since", MONITOR.formatted("o", THIRD)));
        assertEquals(
            "[false,'%s',{'Parent':{'%s':{'initial':{'name':'ava'}}}}]".formatted(THIRD, EVE),
            client.call("monitor_cond_since", MONITOR.formatted("p", EVE)));
      }
    }
  }
}
