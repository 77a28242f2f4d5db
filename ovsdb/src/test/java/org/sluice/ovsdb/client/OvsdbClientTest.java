package org.sluice.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.server.OvsdbServer;
import org.sluice.ovsdb.server.ServerConfig;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.TestDatabase;

/** Our client and our server in one process. */
@Timeout(30)
class OvsdbClientTest {
  private static final String REMOTE = "punix:db.sock";

  @TempDir Path directory;
  private OvsdbServer server;
  private OvsdbClient client;
  private DatabaseSchema schema;

  @BeforeEach
  void setUp() throws Exception {
    schema = DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA));
    Path file = directory.resolve("family.db");
    DatabaseFile.create(file, schema);
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    Vlog log = registry.vlog("ovsdb");
    registry.setLevel(log, LogDestination.CONSOLE, LogLevel.ERR);
    server = new OvsdbServer(ServerConfig.in(directory), Clock.system(), log);
    server.addDatabase(file);
    server.addRemote(REMOTE);
    ClientConfig config =
        ClientConfig.of("unix:" + directory.resolve("db.sock"), schema)
            .monitor("Parent", "name", "tags", "children")
            .monitor("Child");
    client = new OvsdbClient(config, log);
    client.start();
    await(Snapshot::isConnected);
  }

  @AfterEach
  void tearDown() throws Exception {
    client.close();
    server.close();
  }

  private Snapshot await(Predicate<Snapshot> condition) throws InterruptedException {
    Snapshot snapshot = client.snapshot();
    while (!condition.test(snapshot)) {
      snapshot = client.awaitChange(snapshot, 1_000);
    }
    return snapshot;
  }

  private void insert(String name) {
    Edit edit = client.edit();
    edit.insert("Parent").set("name", Datum.of(name));
    assertInstanceOf(CommitResult.Committed.class, client.commit(edit));
  }

  @Test
  void shouldSeeItsOwnCommitBeforeTheCommitReturns() {
    for (int i = 0; i < 5; i++) {
      insert("n" + i);
      assertEquals(i + 1, client.snapshot().rows("Parent").size());
    }
  }

  @Test
  void shouldChangeMapsAndReferencesByElement() {
    insert("eve");
    Row eve = client.snapshot().onlyRow("Parent");
    Edit edit = client.edit();
    edit.insertInto(eve, "tags", Datum.ofStringMap(Map.of("a", "1", "b", "2")));
    edit.insertInto(eve, "children", Datum.of(edit.insert("Child").uuid()));
    assertTrue(client.commit(edit).isOk());
    Snapshot before = client.snapshot();
    Edit less = client.edit();
    less.deleteFrom(eve, "tags", Datum.of("a"));
    less.comment("one tag less");
    assertTrue(client.commit(less).isOk());
    Snapshot after = client.snapshot();
    assertEquals(Map.of("b", "2"), after.onlyRow("Parent").get("tags").stringMap());
    assertEquals(1, after.rows("Child").size());
    assertEquals(1, after.changesSince(before).size());
  }

  @Test
  void shouldTellWhyTheServerRefused() {
    insert("eve");
    Edit edit = client.edit();
    edit.insert("Parent").set("name", Datum.of("eve"));
    CommitResult.Failed failed = assertInstanceOf(CommitResult.Failed.class, client.commit(edit));
    assertEquals("constraint violation", failed.error().tag());
  }

  @Test
  void shouldSendNothingWhenNothingChanges() {
    insert("eve");
    Edit edit = client.edit();
    edit.set(client.snapshot().onlyRow("Parent"), "name", Datum.of("eve"));
    assertInstanceOf(CommitResult.Unchanged.class, client.commit(edit));
  }

  @Test
  void shouldTakeOnlyWhatDiffersForChangedWhenTheServerBeginsAnew() throws Exception {
    insert("eve");
    Snapshot before = client.snapshot();
    server.removeRemote(REMOTE);
    await(snapshot -> !snapshot.isConnected());
    server.addRemote(REMOTE);
    Snapshot again = await(Snapshot::isConnected);
    assertSame(before.onlyRow("Parent"), again.onlyRow("Parent"));
    assertEquals(List.of(), again.changesSince(before));
    insert("adam");
    assertEquals(2, client.snapshot().rows("Parent").size());
  }
}
