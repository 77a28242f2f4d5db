package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.log.LogDestination;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.server.TestServer.Client;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.TestDatabase;

/** A server whose database is another's: as a relay, and as a backup. */
@Timeout(60)
class CopiesTest {
  private static final String INSERT = "{'op':'insert','table':'Parent','row':{'name':'%s'}}";
  private static final String NAMES =
      "{'op':'select','table':'Parent','where':[],'columns':['name']}";
  private static final String WAIT_FOR =
      "{'op':'wait','table':'Parent','where':[['name','==','%1$s']],'columns':['name'],"
          + "'until':'==','rows':[{'name':'%1$s'}]}";

  @TempDir Path directory;
  private TestServer main;
  private Client client;
  private OvsdbServer copy;

  @BeforeEach
  void setUp() throws Exception {
    main = new TestServer(directory, ServerConfig.in(directory));
    client = main.client();
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", System.err);
    Vlog log = registry.vlog("copy");
    registry.setLevel(log, LogDestination.CONSOLE, LogLevel.ERR);
    copy = new OvsdbServer(ServerConfig.in(directory), Clock.system(), log);
  }

  @AfterEach
  void tearDown() throws IOException {
    client.close();
    copy.close();
    main.close();
  }

  private Client clientOfCopy() throws IOException {
    copy.addRemote("punix:copy.sock");
    return new Client(
        JsonRpcConnection.connectUnix(directory.resolve("copy.sock"), JsonRpcLimits.DATABASE));
  }

  private DatabaseSource source() {
    return DatabaseSource.of("unix:db.sock", RemoteOptions.NONE);
  }

  private void startRelay() throws Exception {
    copy.addRelay("family", DatabaseConfig.relay(source()));
    while (!copy.relaysAreReady()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void shouldReadHereAndWriteThereAsRelay() throws Exception {
    client.transact(INSERT.formatted("eve"));
    startRelay();
    try (Client relayed = clientOfCopy()) {
      assertEquals("[{'rows':[{'name':'eve'}]}]", relayed.transact(NAMES));
      String reply = relayed.transact(INSERT.formatted("adam"));
      assertTrue(reply.startsWith("[{'uuid'"), reply);
      // The change has come before the reply.
      assertTrue(relayed.transact(NAMES).contains("adam"));
      assertTrue(client.transact(NAMES).contains("adam"));
    }
  }

  @Test
  void shouldTellMonitorsOfRelayWhatHappensThere() throws Exception {
    startRelay();
    try (Client relayed = clientOfCopy()) {
      relayed.call("monitor", "['family',0,{'Parent':{'columns':['name']}}]");
      client.transact(INSERT.formatted("eve"));
      assertTrue(relayed.notification().contains("'new':{'name':'eve'}"));
    }
  }

  @Test
  void shouldPassErrorsOfWritesBackThroughRelay() throws Exception {
    startRelay();
    try (Client relayed = clientOfCopy()) {
      String twice = INSERT.formatted("eve") + "," + INSERT.formatted("eve");
      assertTrue(relayed.transact(twice).contains("constraint violation"));
    }
  }

  private Path emptyFamily() throws Exception {
    Path file = directory.resolve("copy.db");
    DatabaseFile.create(file, DatabaseSchema.fromJson(TestDatabase.json(TestDatabase.SCHEMA)));
    return file;
  }

  @Test
  void shouldCopyAsBackupAndRefuseWrites() throws Exception {
    client.transact(INSERT.formatted("eve"));
    Path file = emptyFamily();
    copy.addDatabase(file, DatabaseConfig.activeBackup(source(), true, Set.of()));
    try (Client backup = clientOfCopy()) {
      assertEquals("[{}]", backup.transact(WAIT_FOR.formatted("eve")));
      client.transact(INSERT.formatted("adam"));
      assertEquals("[{}]", backup.transact(WAIT_FOR.formatted("adam")));
      String refusal = backup.transact(INSERT.formatted("cain"));
      assertTrue(refusal.contains("read only mode"), refusal);
      assertEquals(
          "database: family\nstate: backup\nreplicating: unix:db.sock\n", copy.syncStatus());
    }
  }

  @Test
  void shouldBecomeActiveWhenToldAndKeepWhatItHas() throws Exception {
    client.transact(INSERT.formatted("eve"));
    Path file = emptyFamily();
    copy.addDatabase(file, DatabaseConfig.activeBackup(source(), true, Set.of()));
    try (Client backup = clientOfCopy()) {
      backup.transact(WAIT_FOR.formatted("eve"));
      DatabaseConfig active = DatabaseConfig.activeBackup(source(), false, Set.of());
      copy.reconfigure(Map.of(file.toString(), active));
      assertEquals("database: family\nstate: active\n", copy.syncStatus());
      assertTrue(backup.transact(INSERT.formatted("cain")).startsWith("[{'uuid'"));
    }
    copy.close();
    assertEquals(2, DatabaseFile.read(file).table("Parent").size());
    assertTrue(Files.exists(file));
  }

  @Test
  void shouldNotCopyItself() throws Exception {
    DatabaseConfig self =
        DatabaseConfig.activeBackup(
            DatabaseSource.of("unix:copy.sock", RemoteOptions.NONE), true, Set.of());
    copy.addRemote("punix:copy.sock");
    copy.addDatabase(emptyFamily(), self);
    while (copy.syncStatus().contains("backup")) {
      Thread.onSpinWait();
    }
    assertEquals("database: family\nstate: active\n", copy.syncStatus());
  }
}
