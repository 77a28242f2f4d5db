package org.sluice.ovsdb.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.server.TestServer.Client;

@Timeout(60)
class ChangeLogTest {
  private static final String INSERT = "{'op':'insert','table':'Parent','row':{'name':'eve'}}";

  @TempDir Path directory;
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();
  private Vlog log;
  private TestServer server;
  private Client client;

  @BeforeEach
  void setUp() throws Exception {
    log =
        new VlogRegistry(Clock.system(), "test", new PrintStream(logged, true, UTF_8))
            .vlog("transaction");
    server = new TestServer(directory, ServerConfig.in(directory));
    client = server.client();
  }

  @AfterEach
  void tearDown() throws IOException {
    client.close();
    server.close();
  }

  private List<String> lines() {
    return logged
        .toString(UTF_8)
        .lines()
        .map(line -> line.replaceAll(".*\\|transaction[^|]*\\|INFO\\|", ""))
        .map(line -> line.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "U"))
        .toList();
  }

  @Test
  void shouldTellOfChangesToChosenTablesOnly() throws Exception {
    client.transact(INSERT);
    assertNull(server.server().logChanges("family", "Parent", true, log));
    client.transact("{'op':'update','table':'Parent','where':[],'row':{'name':'ava x'}}");
    client.transact("{'op':'update','table':'Parent','where':[],'row':{'name':'ava x'}}");
    client.transact("{'op':'delete','table':'Parent','where':[]}");
    assertNull(server.server().logChanges("family", "Parent", false, log));
    client.transact(INSERT);
    assertEquals(2, lines().size(), logged.toString(UTF_8));
    String row = "_uuid:U,_version:U,";
    assertTrue(lines().getFirst().startsWith("table:Parent,op:updated," + row), lines()::toString);
    assertTrue(lines().getFirst().contains(",name:\"ava x\""), lines()::toString);
    assertTrue(lines().getLast().startsWith("table:Parent,op:deleted," + row), lines()::toString);
  }

  @Test
  void shouldNotTellOfMoreThanFitsIntoALog() throws Exception {
    client.transact(INSERT);
    assertNull(server.server().logChanges("family", "Parent", true, log));
    for (int i = 1; i <= 200; i++) {
      client.transact("{'op':'update','table':'Parent','where':[],'row':{'age':" + i + "}}");
    }
    assertTrue(lines().size() >= 60 && lines().size() < 80, () -> lines().size() + " lines");
  }

  @Test
  void shouldKnowWhatThereIsToBeLogged() {
    OvsdbServer chosen = server.server();
    assertEquals("no such database", chosen.logChanges("fam", "Parent", true, log));
    assertEquals("no such table", chosen.logChanges("family", "Uncle", true, log));
    assertNull(chosen.logChanges("family", "Parent", true, log));
    assertEquals(true, chosen.loggedTables().get("family").get("Parent"));
    assertEquals(false, chosen.loggedTables().get("_Server").get("Database"));
  }
}
