package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.ManualClock;
import org.sluice.base.jsonrpc.JsonRpcMessage;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.ovsdb.transaction.TestDatabase;

/** The server's core step by step: the test is the writer thread, and clients are lists. */
@Timeout(60)
class ServerCoreTest {
  private static final String INSERT = "{'op':'insert','table':'Parent','row':{'name':'%s'}}";
  private static final String WAIT =
      "{'op':'wait','timeout':%s,'table':'Parent','where':[],'columns':['name'],'until':'==',"
          + "'rows':[{'name':'nobody'}]}";
  private static final int MEGABYTE = 1 << 20;
  private static final Now NOW = at(5_000);

  @TempDir Path directory;
  private final Vlog log = quietLog();
  private final ServerCore core =
      new ServerCore(UUID.randomUUID(), MEGABYTE * 4, log, new MessageLog(log));
  private final List<Remote> remotes = new ArrayList<>();
  private ServedDatabase family;

  private static Now at(long ms) {
    return new Now(ms, 1_000_000 + ms);
  }

  private static Vlog quietLog() {
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    Vlog log = registry.vlog("core");
    registry.setLevel(log, LogDestination.CONSOLE, LogLevel.OFF);
    return log;
  }

  /** A client's session, and what it hears. */
  private final class Client {
    private final TestPeer peer;
    private final Session session;
    private long nextId;

    Client() {
      this(null);
    }

    Client(Remote remote) {
      peer = new TestPeer(remote);
      session = core.open(peer, NOW);
    }

    long ask(String method, String params) {
      ArrayNode json = (ArrayNode) TestDatabase.json(params);
      JsonRpcMessage request = new JsonRpcMessage.Request(method, json, LongNode.valueOf(nextId));
      core.receive(session, request, NOW);
      return nextId++;
    }

    long transact(String operations) {
      return ask("transact", "['family'," + operations + "]");
    }

    void cancel(long id) {
      ArrayNode params = JsonNodeFactory.instance.arrayNode().add(id);
      core.receive(session, new JsonRpcMessage.Notification("cancel", params), NOW);
    }

    /** What has come since the last time. */
    List<String> hear() {
      core.flush();
      return peer.hear();
    }
  }

  @BeforeEach
  void setUp() throws Exception {
    core.databaseDesk().begin(NOW);
    family = add("family.db");
  }

  private ServedDatabase add(String file) throws Exception {
    DatabaseFile.Opened opened = DatabaseFile.open(create(file));
    core.databaseDesk().add(opened, DatabaseConfig.STANDALONE, null, NOW);
    return core.databases().get("family");
  }

  private Path create(String file) throws Exception {
    Path path = directory.resolve(file);
    DatabaseFile.create(path, DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA)));
    return path;
  }

  @AfterEach
  void tearDown() throws IOException {
    for (Remote remote : remotes) {
      remote.close();
    }
    for (ServedDatabase database : core.databases().all()) {
      database.close();
    }
  }

  private Remote remote(RemoteOptions options) throws IOException {
    Remote remote =
        Remote.start(
            "punix:" + directory.resolve("socket" + remotes.size()),
            options,
            new Remote.Surroundings(ServerConfig.in(directory), (_, _, _) -> {}, log));
    remotes.add(remote);
    return remote;
  }

  /** Upstreams that reach nobody, and whose news nobody deals with but the test. */
  private Upstream.Surroundings nowhere() {
    WriterThread idle = new WriterThread(new ManualClock(0, 0), log, null);
    return new Upstream.Surroundings(ServerConfig.in(directory), idle, log, new MessageLog(log));
  }

  private static DatabaseSource source() {
    return DatabaseSource.of("unix:nobody", RemoteOptions.NONE);
  }

  private Relay startRelay() throws Exception {
    core.databaseDesk().remove(family, "for a relay", NOW);
    core.databaseDesk().addRelay("family", DatabaseConfig.relay(source()), nowhere(), NOW);
    Relay relay = core.databases().get("family").relay();
    relay.connected(NOW);
    relay.received(reply(1, TestDatabase.SCHEMA), NOW);
    return relay;
  }

  private static void makeReady(Relay relay) {
    relay.received(reply(2, "[false,'00000000-0000-0000-0000-000000000000',{}]"), NOW);
    assertTrue(relay.isReady());
  }

  private static JsonRpcMessage reply(long id, String result) {
    return new JsonRpcMessage.Reply(TestDatabase.json(result), LongNode.valueOf(id));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (Row row : core.databases().get("_Server").database().table("Database").rows()) {
      names.add(row.get("name").string());
    }
    return names.stream().sorted().toList();
  }

  @Test
  void shouldWaitHoweverLongWithoutBeingAlwaysDue() {
    Client client = new Client();
    for (String timeout : List.of("9223372036854775807", "9223372036854775000", "7000")) {
      client.transact(WAIT.formatted(timeout));
    }
    assertEquals(12_000, core.nextDeadlineMs());
    core.expire(at(12_000));
    assertEquals(1, client.hear().size());
    assertEquals(Long.MAX_VALUE, core.nextDeadlineMs());
  }

  @Test
  void shouldTellOfChangeBeforeTheAnswerAlsoWhenTheClientWasSlow() {
    Client slow = new Client();
    Client other = new Client();
    slow.ask("monitor", "['family',null,{'Parent':{'columns':['name']}}]");
    slow.hear();
    slow.peer.await(new byte[(int) Peer.BACKLOG_BYTES + 1]);
    other.transact(INSERT.formatted("eve"));
    assertEquals(List.of(), slow.hear());
    slow.peer.await(new byte[1]);
    slow.transact(INSERT.formatted("adam"));
    List<String> heard = slow.hear();
    assertEquals(2, heard.size(), heard.toString());
    assertTrue(heard.get(0).contains("'update'"), heard.get(0));
    assertTrue(heard.get(0).contains("'eve'") && heard.get(0).contains("'adam'"), heard.get(0));
    assertTrue(heard.get(1).contains("'result'"), heard.get(1));
  }

  @Test
  void shouldTellNobodyLaterOfWhatWasTakenBack() throws Exception {
    Client slow = new Client();
    Client other = new Client();
    slow.ask("monitor", "['family',null,{'Parent':{'columns':['name']}}]");
    slow.hear();
    slow.peer.await(new byte[(int) Peer.BACKLOG_BYTES + 1]);
    UUID before = family.history().last();
    other.transact(INSERT.formatted("eve"));
    UUID taken = family.history().last();
    family.file().close(); // from here on nothing can be made durable
    assertEquals(List.of(), other.hear());
    assertFalse(other.peer.isConnected());
    assertFalse(slow.peer.isConnected(), "what was held back for it has not happened");
    assertEquals(0, family.database().table("Parent").size());
    assertFalse(Set.of(before, taken).contains(family.history().last()), "known by its old name");
  }

  @Test
  void shouldMakeDurableWhatIsAnsweredWhenItsDatabaseGoes() {
    Client client = new Client();
    client.ask("set_db_change_aware", "[true]");
    client.transact(INSERT.formatted("eve"));
    long before = core.counters().syncs.sum();
    core.databaseDesk().remove(family, "by a test", NOW);
    assertEquals(before + 1, core.counters().syncs.sum());
    assertEquals(2, client.hear().size());
  }

  @Test
  void shouldNotListRelayThatWasRemoved() throws Exception {
    Relay relay = startRelay();
    makeReady(relay);
    assertEquals(List.of("_Server", "family"), names());
    core.databaseDesk().remove(core.databases().get("family"), "by a test", NOW);
    relay.disconnected(NOW); // news that was under way
    assertEquals(List.of("_Server"), names());
  }

  @Test
  void shouldAnswerRequestsOfRelayThatIsRemoved() throws Exception {
    Relay relay = startRelay();
    makeReady(relay);
    Client client = new Client();
    client.ask("set_db_change_aware", "[true]");
    client.transact(INSERT.formatted("eve"));
    core.databaseDesk().remove(core.databases().get("family"), "by a test", NOW);
    assertTrue(client.hear().getLast().contains("'error':'canceled'"));
  }

  @Test
  void shouldBoundWhatWaitsForTheSourceOfRelay() throws Exception {
    startRelay();
    Client greedy = new Client();
    for (int i = 0; i < KeptItems.MAX_ITEMS; i++) {
      greedy.transact(INSERT.formatted("eve"));
    }
    assertEquals(List.of(), greedy.hear());
    greedy.transact(INSERT.formatted("eve"));
    List<String> heard = greedy.hear();
    assertTrue(heard.getFirst().contains("'error':'resources exhausted'"), heard.toString());
    greedy.cancel(7);
    assertTrue(greedy.hear().getFirst().contains("'error':'canceled'"));
    greedy.transact(INSERT.formatted("eve"));
    assertEquals(List.of(), greedy.hear());
  }

  @Test
  void shouldSendNothingOnThatIsNotAllowedHere() throws Exception {
    makeReady(startRelay());
    Client reader = new Client(remote(new RemoteOptions(null, null, true, "", null)));
    reader.transact(INSERT.formatted("eve"));
    reader.ask("convert", "['family'," + TestDatabase.SCHEMA + "]");
    List<String> heard = reader.hear();
    assertEquals(2, heard.size(), heard.toString());
    assertTrue(heard.get(0).contains("read only mode"), heard.get(0));
    assertTrue(heard.get(1).contains("conversion is not allowed"), heard.get(1));

    Client guest = new Client(remote(new RemoteOptions(null, null, false, "guest", null)));
    guest.ask("convert", "['family'," + TestDatabase.SCHEMA + "]");
    heard = guest.hear();
    assertTrue(heard.getFirst().contains("permission error"), heard.toString());
  }

  @Test
  void shouldCopyNothingMoreOnceItIsActive() throws Exception {
    DatabaseConfig backup = DatabaseConfig.activeBackup(source(), true, Set.of());
    core.databaseDesk().startReplication(family, backup, nowhere());
    Replication copy = family.replication();
    copy.connected(NOW);
    copy.received(reply(0, "'10000000-0000-0000-0000-000000000000'"), NOW);
    copy.received(reply(1, "['family']"), NOW);
    copy.received(reply(2, TestDatabase.SCHEMA), NOW);
    String row = "{'Parent':{'aaaaaaaa-0000-0000-0000-00000000000%d':{'new':{'name':'%s'}}}}";
    copy.received(reply(3, row.formatted(1, "eve")), NOW);
    assertEquals(1, family.database().table("Parent").size());
    core.databaseDesk().stopReplication(family);
    ArrayNode late = (ArrayNode) TestDatabase.json("['family'," + row.formatted(2, "late") + "]");
    copy.received(new JsonRpcMessage.Notification("update", late), NOW);
    assertEquals(1, family.database().table("Parent").size());
    assertNull(family.replication());
  }

  @Test
  void shouldNotGiveStolenLockBackToRobbedThief() {
    Client owner = new Client();
    Client thief = new Client();
    Client robber = new Client();
    owner.ask("lock", "['l']");
    thief.ask("steal", "['l']");
    robber.ask("steal", "['l']");
    assertTrue(owner.hear().getLast().contains("'stolen'"));
    assertTrue(thief.hear().getLast().contains("'stolen'"));
    robber.ask("unlock", "['l']");
    assertEquals(List.of(), thief.hear());
    assertTrue(owner.hear().getFirst().contains("'locked'"), "who has waited gets it again");
    thief.ask("unlock", "['l']");
    assertTrue(thief.hear().getFirst().contains("'error':null"));
    assertTrue(owner.session.holds("l"));
  }

  private Map<String, String> status(Remote remote, Now now) {
    List<Session> sessions = core.sessionsOf(remote);
    return RemoteStatus.status(remote, sessions, now);
  }

  @Test
  void shouldTellOfRemotesAsOpenVswitchDoes() throws Exception {
    Remote passive = remote(RemoteOptions.NONE);
    Map<String, String> noTimes = Map.of("sec_since_connect", "0", "sec_since_disconnect", "0");
    assertEquals(noTimes, status(null, NOW));
    assertEquals(noTimes, status(passive, NOW));
    Client first = new Client(passive);
    first.ask("lock", "['l']");
    assertEquals(noTimes, status(passive, at(9_000)));
    new Client(passive);
    assertEquals("2", status(passive, at(9_000)).get("n_connections"));

    Remote active =
        Remote.start(
            "unix:" + directory.resolve("nobody"),
            RemoteOptions.NONE,
            new Remote.Surroundings(ServerConfig.in(directory), (_, _, _) -> {}, log));
    remotes.add(active);
    assertFalse(status(active, NOW).containsKey("sec_since_connect"));
    Client other = new Client(active);
    other.ask("lock", "['l']");
    Map<String, String> connected = status(active, at(9_000));
    assertEquals("ACTIVE", connected.get("state"));
    assertEquals("4", connected.get("sec_since_connect"));
    assertEquals("l", connected.get("locks_waiting"));
    assertFalse(connected.containsKey("sec_since_disconnect"));
    core.close(other.session, at(9_000));
    Map<String, String> gone = status(active, at(11_500));
    assertEquals("6", gone.get("sec_since_connect"));
    assertEquals("2", gone.get("sec_since_disconnect"));
  }

  @Test
  void shouldTrustClientWhileItsMessageIsOnTheWay() throws Exception {
    Client slow = new Client(remote(new RemoteOptions(5_000L, null, false, "", null)));
    for (int ms = 10_000; ms <= 60_000; ms += 5_000) {
      slow.peer.act();
      core.probe(at(ms), 5_000);
    }
    assertEquals(List.of(), slow.hear());
    core.probe(at(64_999), 5_000);
    assertEquals(List.of(), slow.hear());
    core.probe(at(65_000), 5_000);
    assertTrue(slow.hear().getFirst().contains("'echo'"));
    core.probe(at(69_999), 5_000);
    assertTrue(slow.peer.isConnected());
    core.probe(at(70_000), 5_000);
    assertFalse(slow.peer.isConnected());
  }
}
