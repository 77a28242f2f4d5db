package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.DatabaseSchema;
import org.sluice.ovsdb.server.TestServer.Client;
import org.sluice.ovsdb.storage.ClusterFile;
import org.sluice.ovsdb.storage.DatabaseFile;
import org.sluice.ovsdb.transaction.TestDatabase;

/** Databases that come, go and change while clients look on. */
@Timeout(60)
class DatabasesChangeTest {
  private static final String INSERT =
      "{'op':'insert','table':'Parent','row':{'name':'eve','age':7}}";

  @TempDir Path directory;
  private TestServer server;
  private Client client;

  @BeforeEach
  void setUp() throws Exception {
    server = new TestServer(directory, ServerConfig.in(directory));
    client = server.client();
    client.call("set_db_change_aware", "[true]");
  }

  @AfterEach
  void tearDown() throws IOException {
    client.close();
    server.close();
  }

  private static String schema() {
    return TestDatabase.SCHEMA.replace("'mood':{'ephemeral':true,'type':'string'},", "");
  }

  @Test
  void shouldConvertAndKeepWhatBothSchemasHave() throws Exception {
    client.transact(INSERT);
    assertEquals("{}", client.call("convert", "['family'," + schema() + "]"));
    String rows =
        client.transact("{'op':'select','table':'Parent','where':[],'columns':['name','age']}");
    assertEquals("[{'rows':[{'age':7,'name':'eve'}]}]", rows);
    String gone = client.transact("{'op':'select','table':'Parent','where':[],'columns':['mood']}");
    assertTrue(gone.contains("mood is not a valid column name"), gone);
    server.close();
    Path file = directory.resolve("family.db");
    assertNull(DatabaseFile.readSchema(file).table("Parent").column("mood"));
    assertEquals(1, DatabaseFile.read(file).table("Parent").size());
  }

  @Test
  void shouldRefuseConversionToAnotherName() throws Exception {
    String other = schema().replace("'name':'family'", "'name':'clan'");
    assertEquals(
        "error {'details':'new schema name (clan) does not match database name (family)',"
            + "'error':'invalid parameters'}",
        client.call("convert", "['family'," + other + "]"));
  }

  @Test
  void shouldCancelMonitorsAndWaitsOfThoseWhoKnowOfChanges() throws Exception {
    client.call("monitor", "['family','m',{'Parent':{}}]");
    long waiting =
        client.send(
            "transact",
            "['family',{'op':'wait','table':'Parent','where':[],'columns':['name'],'until':'==',"
                + "'rows':[{'name':'nobody'}]}]");
    client.call("echo", "[]");
    try (Client other = server.client()) {
      other.call("set_db_change_aware", "[true]");
      other.call("convert", "['family'," + schema() + "]");
    }
    assertEquals("error 'canceled'", client.answer(waiting));
    assertEquals("monitor_canceled ['m']", client.notification());
  }

  @Test
  void shouldDisconnectThoseWhoDoNotKnowOfChanges() throws Exception {
    try (Client unaware = server.client()) {
      unaware.call("echo", "[]");
      client.call("convert", "['family'," + schema() + "]");
      assertThrows(IOException.class, () -> unaware.call("echo", "[]"));
    }
  }

  @Test
  void shouldTellInServerDatabaseWhatComesAndGoes() throws Exception {
    client.call("monitor", "['_Server',0,{'Database':{'columns':['name']}}]");
    assertNull(server.server().removeDatabase("family", "by a test"));
    assertTrue(client.notification().contains("'old':{'name':'family'}"));
    server.server().addDatabase(directory.resolve("family.db"));
    assertTrue(client.notification().contains("'new':{'name':'family'}"));
  }

  @Test
  void shouldLetReadOnlyRemoteReadAndNothingElse() throws Exception {
    server.server().addRemote("punix:ro.sock", new RemoteOptions(null, null, true, "", null));
    try (Client reader =
        new Client(
            JsonRpcConnection.connectUnix(directory.resolve("ro.sock"), JsonRpcLimits.DATABASE))) {
      assertTrue(reader.transact(INSERT).contains("read only mode"));
      assertEquals(
          "error 'lock and unlock methods not allowed, DB server is read only.'",
          reader.call("lock", "['l']"));
      assertTrue(reader.call("convert", "['family'," + schema() + "]").contains("not allowed"));
      assertEquals("[{'rows':[]}]", reader.transact("{'op':'select','table':'Parent','where':[]}"));
    }
  }

  private String refusal(Path file, ServiceModel model) {
    DatabaseConfig how = new DatabaseConfig(model, null, false, Set.of());
    return assertThrows(OvsdbException.class, () -> server.server().addDatabase(file, how))
        .getMessage();
  }

  @Test
  void shouldRefuseFilesOfAnotherModel() throws Exception {
    Path standalone = directory.resolve("clan.db");
    JsonNode schema = TestDatabase.json(schema().replace("'name':'family'", "'name':'clan'"));
    DatabaseFile.create(standalone, DatabaseSchema.fromJson(schema));
    assertEquals(
        "ovsdb error: " + standalone + ": database is standalone and not clustered",
        refusal(standalone, ServiceModel.CLUSTERED));
    Path clustered = directory.resolve("member.db");
    new ClusterFile(UUID.randomUUID(), null, "clan", "unix:a").join(clustered, List.of("unix:b"));
    assertEquals(
        "ovsdb error: " + clustered + ": database is clustered and not standalone",
        refusal(clustered, ServiceModel.STANDALONE));
    for (ServiceModel model : new ServiceModel[] {null, ServiceModel.CLUSTERED}) {
      assertEquals(
          "ovsdb error: " + clustered + ": clustered databases are not supported",
          refusal(clustered, model));
    }
  }
}
