package org.sluice.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.DebianTools;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.RowChange;

/** Our client against the real ovsdb-server, which also has to like our schema. */
class OvsdbClientInteropTest {
  @TempDir Path directory;
  private Process server;
  private final Vlog log = new VlogRegistry(Clock.system(), "test", System.err).vlog("client");

  @BeforeEach
  void setUp() throws IOException {
    Path schema = directory.resolve("schema");
    Files.writeString(schema, ShippedSchemas.openVswitchText());
    DebianTools.run(directory, "ovsdb-tool", "create", file(), schema.toString()).ok();
    startServer();
  }

  private String file() {
    return directory.resolve("conf.db").toString();
  }

  private String remote() {
    return "unix:" + directory.resolve("db.sock");
  }

  private void startServer() throws IOException {
    server =
        DebianTools.builder(
                directory, "ovsdb-server", "--remote=p" + remote(), "--unixctl=none", file())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("server.out").toFile())
            .start();
  }

  @AfterEach
  void tearDown() throws InterruptedException {
    if (server != null) {
      server.destroy();
      server.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private OvsdbClient client(boolean locked) {
    ClientConfig config = ClientConfig.of(remote(), ShippedSchemas.openVswitch()).monitorAll();
    OvsdbClient client = new OvsdbClient(locked ? config.lock("ovs_vswitchd") : config, log);
    client.start();
    return client;
  }

  private static Snapshot await(OvsdbClient client, Predicate<Snapshot> condition)
      throws InterruptedException {
    Snapshot snapshot = client.snapshot();
    for (int i = 0; i < 100 && !condition.test(snapshot); i++) {
      snapshot = client.awaitChange(snapshot, 300);
    }
    assertTrue(condition.test(snapshot));
    return snapshot;
  }

  @Test
  void shouldCopyChangeAndFollow() throws InterruptedException {
    try (OvsdbClient client = client(true)) {
      Snapshot first = await(client, Snapshot::holdsLock);
      Edit edit = client.edit();
      UUID bridge = edit.insert("Bridge").set("name", Datum.of("br0")).uuid();
      edit.insert("Open_vSwitch").set("bridges", Datum.of(bridge)).set("next_cfg", Datum.of(7));
      CommitResult.Committed committed =
          assertInstanceOf(CommitResult.Committed.class, client.commit(edit));
      Snapshot second = client.snapshot();
      assertEquals(2, second.changesSince(first).size());
      Row row = second.row("Bridge", committed.inserted().get(bridge));
      assertEquals("br0", row.get("name").string());
      assertEquals("br0", DebianTools.run(directory, "ovs-vsctl", "--no-wait", "list-br").ok());

      DebianTools.run(
              directory, "ovs-vsctl", "--no-wait", "set", "Bridge", "br0", "other_config:a=b")
          .ok();
      Snapshot third =
          await(client, s -> s.row("Bridge", row.uuid()).get("other_config").get("a") != null);
      List<RowChange> changes =
          third.changesSince(second).stream()
              .filter(change -> change.table().name().equals("Bridge"))
              .toList();
      assertEquals(1, changes.size());
      assertEquals("b", changes.getFirst().after().get("other_config").get("a"));
    }
  }

  @Test
  void shouldSayTryAgainWhenVerifiedValueHasChanged() throws InterruptedException {
    try (OvsdbClient client = client(false)) {
      await(client, Snapshot::isConnected);
      DebianTools.run(directory, "ovs-vsctl", "--no-wait", "init").ok();
      Snapshot old = await(client, s -> s.onlyRow("Open_vSwitch") != null);
      DebianTools.run(directory, "ovs-vsctl", "--no-wait", "set", "Open_vSwitch", ".", "cur_cfg=5")
          .ok();
      Row stale = old.onlyRow("Open_vSwitch");
      Edit edit = client.edit();
      edit.verify(stale, "cur_cfg");
      edit.set(stale, "cur_cfg", Datum.of(6));
      assertInstanceOf(CommitResult.TryAgain.class, client.commit(edit));
      CommitResult result =
          client.transact(
              snapshot -> {
                Row fresh = snapshot.onlyRow("Open_vSwitch");
                Edit again = client.edit();
                again.verify(fresh, "cur_cfg");
                again.set(fresh, "cur_cfg", Datum.of(fresh.get("cur_cfg").integer(0) + 1));
                return again;
              },
              5);
      assertTrue(result.isOk());
      assertEquals(6, client.snapshot().onlyRow("Open_vSwitch").get("cur_cfg").integer(0));
    }
  }

  @Test
  void shouldWaitForLockHeldBySomebodyElse() throws InterruptedException {
    OvsdbClient first = client(true);
    await(first, Snapshot::holdsLock);
    try (OvsdbClient second = client(true)) {
      Snapshot waiting = await(second, Snapshot::isConnected);
      assertFalse(waiting.holdsLock());
      Edit edit = second.edit();
      edit.insert("Open_vSwitch");
      assertInstanceOf(CommitResult.NotLocked.class, second.commit(edit));
      first.close();
      await(second, Snapshot::holdsLock);
      assertTrue(second.commit(edit).isOk());
    }
  }

  @Test
  void shouldComeBackAfterServerRestart() throws InterruptedException, IOException {
    try (OvsdbClient client = client(true)) {
      await(client, Snapshot::holdsLock);
      Edit edit = client.edit();
      edit.insert("Open_vSwitch");
      assertTrue(client.commit(edit).isOk());
      tearDown();
      Snapshot lost = await(client, s -> !s.isConnected());
      assertTrue(lost.isComplete());
      assertNotNull(lost.onlyRow("Open_vSwitch"));
      assertInstanceOf(CommitResult.Disconnected.class, client.commit(edit));
      startServer();
      await(client, Snapshot::holdsLock);
      assertNotNull(client.snapshot().onlyRow("Open_vSwitch"));
    }
  }
}
