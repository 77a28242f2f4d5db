package org.sluice.ovsdb.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
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

/** Drafts, and what the server makes of them. */
@Timeout(30)
class DraftTest {
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
    server.addRemote("punix:db.sock");
    ClientConfig config = ClientConfig.of("unix:" + directory.resolve("db.sock"), schema);
    client = new OvsdbClient(config.monitorAll(), log);
    client.start();
    while (!client.snapshot().isConnected()) {
      client.awaitChange(client.snapshot(), 1_000);
    }
  }

  @AfterEach
  void tearDown() throws Exception {
    client.close();
    server.close();
  }

  private Draft draft() {
    return new Draft(schema, client.snapshot());
  }

  private CommitResult.Committed commit(Draft draft) {
    return assertInstanceOf(CommitResult.Committed.class, client.commit(draft.toEdit()));
  }

  private Row eve() {
    Draft draft = draft();
    Row eve = draft.insert("Parent");
    draft.set(eve, "name", Datum.of("eve"));
    draft.set(eve, "tags", Datum.ofStringMap(Map.of("a", "1", "b", "2", "c", "3")));
    commit(draft);
    return client.snapshot().onlyRow("Parent");
  }

  @Test
  void shouldShowWhatWasWritten() {
    Row eve = eve();
    Draft draft = draft();
    draft.set(eve, "age", Datum.of(30));
    assertEquals(30, draft.now(eve).get("age").integer(0));
    assertEquals(30, draft.rows("Parent").getFirst().get("age").integer(0));
    Row child = draft.insert("Child");
    assertTrue(draft.isInserted(child));
    assertEquals(List.of(child), draft.rows("Child"));
    draft.delete(child);
    draft.delete(eve);
    assertNull(draft.now(eve));
    assertEquals(List.of(), draft.rows("Child"));
    assertEquals(List.of(), draft.rows("Parent"));
  }

  @Test
  void shouldSendOnlyElementsThatCameOrWent() {
    Row eve = eve();
    Draft draft = draft();
    draft.putInto(eve, "tags", Datum.ofStringMap(Map.of("a", "9")));
    draft.insertInto(eve, "tags", Datum.ofStringMap(Map.of("b", "9", "d", "4")));
    draft.deleteFrom(eve, "tags", Datum.of("c"));
    JsonNode params = draft.toEdit().toParams(null);
    assertEquals(
        List.of("wait", "mutate", "mutate"), List.of(op(params, 1), op(params, 2), op(params, 3)));
    assertEquals(
        "[['tags','delete',['set',['a','c']]]]", TestDatabase.text(params.get(2).get("mutations")));
    assertEquals(
        "[['tags','insert',['map',[['a','9'],['d','4']]]]]",
        TestDatabase.text(params.get(3).get("mutations")));
    commit(draft);
    assertEquals(
        Map.of("a", "9", "b", "2", "d", "4"),
        client.snapshot().onlyRow("Parent").get("tags").stringMap());
  }

  private static String op(JsonNode params, int index) {
    return params.get(index).get("op").textValue();
  }

  @Test
  void shouldKeepWhatOthersAddedMeanwhile() {
    Row eve = eve();
    Draft first = draft();
    Draft second = draft();
    first.insertInto(eve, "tags", Datum.ofStringMap(Map.of("x", "1")));
    second.insertInto(eve, "tags", Datum.ofStringMap(Map.of("y", "2")));
    commit(first);
    commit(second);
    assertEquals(5, client.snapshot().onlyRow("Parent").get("tags").size());
  }

  @Test
  void shouldTryAgainWhenAChangedRowIsGone() {
    Row eve = eve();
    Draft late = draft();
    late.insertInto(eve, "tags", Datum.ofStringMap(Map.of("x", "1")));
    Draft draft = draft();
    draft.delete(eve);
    commit(draft);
    assertInstanceOf(CommitResult.TryAgain.class, client.commit(late.toEdit()));
  }

  @Test
  void shouldTryAgainWhenAVerifiedColumnHasChanged() {
    Row eve = eve();
    Draft late = draft();
    late.verify(eve, "tags");
    late.set(eve, "age", Datum.of(40));
    Draft draft = draft();
    draft.deleteFrom(eve, "tags", Datum.of("a"));
    commit(draft);
    assertInstanceOf(CommitResult.TryAgain.class, client.commit(late.toEdit()));
  }

  @Test
  void shouldReferToNewRowsInWhateverOrderTheyCome() {
    Draft draft = draft();
    Row parent = draft.insert("Parent");
    UUID later = UUID.randomUUID();
    draft.set(parent, "children", Datum.of(later));
    draft.set(draft.insertNamed("Child", later), "name", Datum.of("abel"));
    CommitResult.Committed committed = commit(draft);
    Row child = client.snapshot().onlyRow("Child");
    assertEquals("abel", child.get("name").string());
    assertEquals(child.uuid(), committed.inserted().get(later));
    assertNotEquals(child.uuid(), later);
  }

  @Test
  void shouldKeepAChosenUuid() {
    UUID wanted = UUID.randomUUID();
    Draft draft = draft();
    draft.insertAs("Parent", wanted);
    commit(draft);
    assertEquals(wanted, client.snapshot().onlyRow("Parent").uuid());
  }

  @Test
  void shouldCountOnlyWhenSomethingElseChanges() {
    Row eve = eve();
    Draft idle = draft();
    idle.set(eve, "name", Datum.of("eve"));
    idle.increment(eve, "age");
    assertTrue(idle.toEdit().isEmpty());
    Draft busy = draft();
    busy.set(eve, "mood", Datum.of("fine"));
    busy.increment(eve, "age");
    busy.comment("one more");
    assertEquals(1, commit(busy).incremented());
    assertEquals(1, client.snapshot().onlyRow("Parent").get("age").integer(0));
  }

  @Test
  void shouldChangeNothingInADryRun() {
    Row eve = eve();
    Draft draft = draft();
    draft.set(eve, "age", Datum.of(50));
    draft.increment(eve, "age");
    draft.dryRun();
    assertEquals(51, commit(draft).incremented());
    assertEquals(0, client.snapshot().onlyRow("Parent").get("age").integer(-1));
  }

  @Test
  void shouldLeaveRowsThatAreNoRootsToTheServer() {
    Draft draft = draft();
    Row parent = draft.insert("Parent");
    draft.set(parent, "children", Datum.of(draft.insert("Child").uuid()));
    commit(draft);
    Draft alone = draft();
    alone.delete(client.snapshot().onlyRow("Child"));
    assertTrue(alone.toEdit().isEmpty());
    Draft both = draft();
    both.delete(client.snapshot().onlyRow("Child"));
    both.set(client.snapshot().onlyRow("Parent"), "children", Datum.EMPTY);
    commit(both);
    assertFalse(client.snapshot().rows("Child").iterator().hasNext());
  }
}
