package org.sluice.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.transaction.TestDatabase;

/** Our client with a server that the test speaks for, and that is not always as it should be. */
@Timeout(60)
class OddServerTest {
  @TempDir Path directory;
  private final Vlog log = quietLog();
  private ServerSocketChannel listener;
  private DatabaseSchema schema;

  private static Vlog quietLog() {
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    Vlog log = registry.vlog("client");
    registry.setLevel(log, LogDestination.CONSOLE, LogLevel.OFF);
    return log;
  }

  @BeforeEach
  void setUp() throws Exception {
    listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listener.bind(UnixDomainSocketAddress.of(directory.resolve("db.sock")));
    schema = DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA));
  }

  @AfterEach
  void tearDown() throws IOException {
    listener.close();
  }

  private ClientConfig config() {
    return ClientConfig.of("unix:" + directory.resolve("db.sock"), schema).monitor("Parent");
  }

  /** Waits for the client, and answers until it is connected. */
  private JsonRpcConnection accept() throws IOException {
    JsonRpcConnection connection =
        JsonRpcConnection.over(listener.accept(), JsonRpcLimits.DATABASE);
    answer(connection, TestDatabase.SCHEMA);
    answer(connection, "[false,'00000000-0000-0000-0000-000000000000',{}]");
    return connection;
  }

  private static void answer(JsonRpcConnection connection, String result) throws IOException {
    JsonNode id = ((JsonRpcMessage.Request) connection.receive()).id();
    connection.send(new JsonRpcMessage.Reply(TestDatabase.json(result), id));
  }

  private static void await(OvsdbClient client) throws InterruptedException {
    Snapshot snapshot = client.snapshot();
    while (!snapshot.isConnected()) {
      snapshot = client.awaitChange(snapshot, 1_000);
    }
  }

  private static CompletableFuture<CommitResult> insert(OvsdbClient client) {
    Edit edit = client.edit();
    edit.insert("Parent").set("name", Datum.of("eve"));
    return client.submit(edit);
  }

  @Test
  void shouldTellOfAnswerThatMakesNoSense() throws Exception {
    try (OvsdbClient client = new OvsdbClient(config(), log)) {
      client.start();
      try (JsonRpcConnection server = accept()) {
        await(client);
        for (String odd : new String[] {"[]", "[{}]", "[{'uuid':['uuid','x']}]", "7"}) {
          CompletableFuture<CommitResult> result = insert(client);
          answer(server, odd);
          assertInstanceOf(CommitResult.Failed.class, result.get(10, TimeUnit.SECONDS), odd);
        }
      }
    }
  }

  @Test
  void shouldLiveOnWhenListenerFails() throws Exception {
    try (OvsdbClient client = new OvsdbClient(config(), log)) {
      AtomicBoolean fails = new AtomicBoolean();
      client.onChange(() -> {
        if (fails.getAndSet(false)) {
          throw new IllegalStateException("a mistake");
        }
      });
      client.start();
      try (JsonRpcConnection server = accept()) {
        await(client);
        CompletableFuture<CommitResult> result = insert(client);
        fails.set(true);
        String update = "['sluice','00000000-0000-0000-0000-000000000000',{}]";
        server.send(
            new JsonRpcMessage.Notification("update3", (ArrayNode) TestDatabase.json(update)));
        assertEquals(new CommitResult.Disconnected(), result.get(10, TimeUnit.SECONDS));
      }
      try (JsonRpcConnection again = accept()) {
        await(client);
        CompletableFuture<CommitResult> result = insert(client);
        answer(again, "[{'uuid':['uuid','aaaaaaaa-0000-0000-0000-000000000000']}]");
        assertInstanceOf(CommitResult.Committed.class, result.get(10, TimeUnit.SECONDS));
      }
    }
  }

  /** Gives a connection when it is told to, and not before. */
  private static final class LateConnector implements Connector {
    private final Connector real;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch ready = new CountDownLatch(1);

    LateConnector(Connector real) {
      this.real = real;
    }

    @Override
    public JsonRpcConnection connect() throws IOException {
      asked.countDown();
      try {
        ready.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return real.connect();
    }

    @Override
    public boolean isLocal() {
      return true;
    }

    @Override
    public boolean isPassive() {
      return false;
    }
  }

  @Test
  void shouldCloseConnectionThatComesAfterItWasClosed() throws Exception {
    LateConnector late = new LateConnector(Connector.of("unix:" + directory.resolve("db.sock")));
    OvsdbClient client = new OvsdbClient(ClientConfig.of(late, schema).monitor("Parent"), log);
    client.start();
    late.asked.await();
    client.close();
    late.ready.countDown();
    try (JsonRpcConnection server =
        JsonRpcConnection.over(listener.accept(), JsonRpcLimits.DATABASE)) {
      assertNull(server.receive());
    }
  }
}
