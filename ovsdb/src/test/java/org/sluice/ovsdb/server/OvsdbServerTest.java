package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.ManualClock;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.server.TestServer.Client;

/** The protocol, message by message. */
@Timeout(30)
class OvsdbServerTest {
  private static final String ZERO = "00000000-0000-0000-0000-000000000000";

  @TempDir Path directory;
  private TestServer server;
  private Client client;

  @BeforeEach
  void setUp() throws Exception {
    server = new TestServer(directory, ServerConfig.in(directory));
    client = server.client();
  }

  @AfterEach
  void tearDown() throws IOException {
    client.close();
    server.close();
  }

  private static String insert(String name) {
    return "{'op':'insert','table':'Parent','row':{'name':'%s'}}".formatted(name);
  }

  private static String withoutUuids(String text) {
    return text.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "U");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "echo | [1,'x'] | [1,'x']",
        "list_dbs | [] | ['_Server','family']",
        "fly | [] | error 'unknown method'",
        "get_schema | [] | error {'details':'get_schema request params must begin with <db-name>',"
            + "'error':'syntax error','syntax':'[]'}",
        "get_schema | ['x'] | error {'details':'get_schema request specifies unknown database x',"
            + "'error':'unknown database','syntax':'[\\'x\\']'}",
        "unlock | ['l'] | error {'details':'unlock: \\'unlock\\' without \\'lock\\' or \\'steal\\''"
            + ",'error':'syntax error','syntax':'[\\'l\\']'}",
        "monitor_cancel | ['x'] | error 'unknown monitor'",
        "transact | ['family',{'op':'comment','comment':'x'}] | [{}]",
        "transact | ['_Server',{'op':'delete','table':'Database','where':[]}] | [{'details':'delete"
            + " operation not allowed on table in reserved database _Server','error':'not allowed'}]",
        "set_db_change_aware | [true] | {}",
      })
  void shouldAnswer(String method, String params, String answer) throws IOException {
    assertEquals(answer, client.call(method, params).replace("\\'", "\\'"));
  }

  @Test
  void shouldTellPlainMonitorOldAndNew() throws IOException {
    client.transact(insert("eve"));
    assertEquals(
        "{'Parent':{'U':{'new':{'name':'eve'}}}}",
        withoutUuids(client.call("monitor", "['family',0,{'Parent':{'columns':['name']}}]")));
    client.transact("{'op':'update','table':'Parent','where':[],'row':{'name':'ann'}}");
    assertEquals(
        "update [0,{'Parent':{'U':{'new':{'name':'ann'},'old':{'name':'eve'}}}}]",
        withoutUuids(client.notification()));
    client.transact("{'op':'update','table':'Parent','where':[],'row':{'age':3}}");
    assertFalse(client.hasNotification());
    client.transact("{'op':'delete','table':'Parent','where':[]}");
    assertEquals(
        "update [0,{'Parent':{'U':{'old':{'name':'ann'}}}}]", withoutUuids(client.notification()));
    assertEquals("{}", client.call("monitor_cancel", "[0]"));
    client.transact(insert("eve"));
    assertFalse(client.hasNotification());
  }

  @Test
  void shouldTellOfRowsToWhomWantsNoColumns() throws IOException {
    client.transact(insert("eve"));
    assertEquals(
        "{'Parent':{'U':{'initial':{}}}}",
        withoutUuids(client.call("monitor_cond", "['family',0,{'Parent':[{'columns':[]}]}]")));
    client.transact(insert("adam"));
    assertEquals("update2 [0,{'Parent':{'U':{'insert':{}}}}]", withoutUuids(client.notification()));
  }

  @Test
  void shouldTellConditionalMonitorWhatComesIntoViewAndLeaves() throws IOException {
    client.transact(insert("eve") + "," + insert("adam"));
    String monitor =
        "['family','m',{'Parent':[{'columns':['name','age'],'where':[['age','>',5]]}]}]";
    assertEquals("{}", client.call("monitor_cond", monitor));
    String setAge =
        "{'op':'update','table':'Parent','where':[['name','==','eve']],'row':{'age':%d}}";
    client.transact(setAge.formatted(6));
    assertEquals(
        "update2 ['m',{'Parent':{'U':{'insert':{'age':6,'name':'eve'}}}}]",
        withoutUuids(client.notification()));
    client.transact(setAge.formatted(7));
    assertEquals(
        "update2 ['m',{'Parent':{'U':{'modify':{'age':7}}}}]", withoutUuids(client.notification()));
    client.transact(setAge.formatted(1));
    assertEquals(
        "update2 ['m',{'Parent':{'U':{'delete':null}}}]", withoutUuids(client.notification()));
    assertEquals(
        "{}",
        client.call("monitor_cond_change", "['m','n',{'Parent':[{'where':[['age','<',1]]}]}]"));
    assertEquals(
        "update2 ['n',{'Parent':{'U':{'insert':{'name':'adam'}}}}]",
        withoutUuids(client.notification()));
  }

  @Test
  void shouldNotNameStatesThatNoOtherServerKnows() throws IOException {
    client.transact(insert("eve"));
    String monitor = "['family','%s',{'Parent':[{'columns':['name']}]},'%s']";
    String all = "[false,'" + ZERO + "',{'Parent':{'U':{'initial':{'name':'eve'}}}}]";
    String first = client.call("monitor_cond_since", monitor.formatted("a", ZERO));
    assertEquals(withoutUuids(all), withoutUuids(first));
    assertTrue(first.startsWith("[false,'" + ZERO + "',"), first);
    client.transact(insert("adam"));
    String update = client.notification();
    assertTrue(update.startsWith("update3 ['a','" + ZERO + "',"), update);
    String again = client.call("monitor_cond_since", monitor.formatted("b", ZERO));
    assertTrue(again.startsWith("[false,'" + ZERO + "',{'Parent':{'"), again);
  }

  @Test
  void shouldPassLocksOnAndTellOfTheft() throws IOException {
    try (Client other = server.client()) {
      assertEquals("{'locked':true}", client.call("lock", "['l']"));
      assertEquals("{'locked':false}", other.call("lock", "['l']"));
      String guarded = "{'op':'assert','lock':'l'}";
      assertEquals("[{}]", client.transact(guarded));
      assertTrue(other.transact(guarded).contains("Asserted lock l not held."));
      assertEquals("{}", client.call("unlock", "['l']"));
      assertEquals("locked ['l']", other.notification());
      assertEquals("{'locked':true}", client.call("steal", "['l']"));
      assertEquals("stolen ['l']", other.notification());
    }
  }

  @Test
  void shouldFinishWaitWhenSomebodyElseSatisfiesIt() throws IOException {
    String wait =
        "['family',{'op':'wait','table':'Parent','where':[],'columns':['name'],'until':'==',"
            + "'rows':[{'name':'eve'}]},{'op':'comment','comment':'x'}]";
    try (Client other = server.client()) {
      long id = client.send("transact", wait);
      long canceled = other.send("transact", wait);
      other.tell("cancel", "[" + canceled + "]");
      assertEquals("error 'canceled'", other.answer(canceled));
      other.transact(insert("eve"));
      assertEquals("[{},{}]", client.answer(id));
    }
  }

  @Test
  void shouldGiveUpWaitAtItsTimeout() throws IOException {
    String answer =
        client.transact(
            "{'op':'wait','timeout':30,'table':'Parent','where':[],'columns':['name'],'until':"
                + "'==','rows':[{'name':'eve'}]}");
    assertTrue(answer.contains("timed out after"), answer);
  }

  @Test
  void shouldRefuseTheSameFileTwice() throws Exception {
    Path file = directory.resolve("family.db");
    OvsdbException twice =
        assertThrows(OvsdbException.class, () -> server.server().addDatabase(file));
    assertTrue(twice.getMessage().contains("already open"), twice.getMessage());
    Vlog log = new VlogRegistry(Clock.system(), "test", System.err).vlog("second");
    try (OvsdbServer second = new OvsdbServer(ServerConfig.in(directory), Clock.system(), log)) {
      OvsdbException locked = assertThrows(OvsdbException.class, () -> second.addDatabase(file));
      assertTrue(locked.getMessage().contains("failed to lock lockfile"), locked.getMessage());
    }
  }

  @Test
  void shouldKeepEverythingAcrossRestart() throws Exception {
    client.transact(insert("eve"));
    client.close();
    server.close();
    server = new TestServer(directory, ServerConfig.in(directory));
    client = server.client();
    assertEquals(
        "[{'rows':[{'name':'eve'}]}]",
        client.transact("{'op':'select','table':'Parent','where':[],'columns':['name']}"));
  }

  @Test
  void shouldServeTcpToo() throws Exception {
    server.server().addRemote("ptcp:0:127.0.0.1");
    assertTrue(server.server().port("ptcp:0:127.0.0.1") > 0);
    assertTrue(server.server().removeRemote("ptcp:0:127.0.0.1"));
    assertFalse(server.server().removeRemote("ptcp:0:127.0.0.1"));
  }

  @Test
  void shouldKeepConnectionsWhenOnlyTimesOfTheirRemoteChange() throws Exception {
    String remote = "punix:other.sock";
    server.server().addRemote(remote);
    try (Client other =
        new Client(
            JsonRpcConnection.connectUnix(
                directory.resolve("other.sock"), JsonRpcLimits.DATABASE))) {
      other.call("echo", "[]");
      server.server().addRemote(remote, new RemoteOptions(7_000L, 9_000L, false, "", null));
      assertEquals("['still here']", other.call("echo", "['still here']"));
      server.server().addRemote(remote, new RemoteOptions(7_000L, 9_000L, true, "", null));
      assertThrows(IOException.class, () -> other.call("echo", "[]"));
    }
  }

  /** The clock stands still but for the test, so that only what is sent can be a sign of life. */
  @Test
  void shouldNotTakeSlowSenderForDead() throws Exception {
    ManualClock clock = new ManualClock(0, 0);
    Vlog log = new VlogRegistry(Clock.system(), "test", System.err).vlog("slow");
    try (OvsdbServer slow = new OvsdbServer(ServerConfig.in(directory), clock, log)) {
      slow.addRemote("ptcp:0:127.0.0.1");
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), slow.port("ptcp:0:127.0.0.1"));
      try (SocketChannel sender = SocketChannel.open(address)) {
        while (slow.memory().get("sessions") == 0) {
          Thread.onSpinWait();
        }
        String request = "{\"id\":1,\"method\":\"echo\",\"params\":[\"slowly\"]}";
        for (byte one : request.getBytes(StandardCharsets.UTF_8)) {
          sender.write(ByteBuffer.wrap(new byte[] {one}));
          awaitRound(slow);
          clock.advanceNs(4_000_000_000L);
          awaitRound(slow);
          assertEquals(1, slow.memory().get("sessions"), "hung up on");
        }
      }
    }
  }

  /** What was there before the second question has been read by the end of the first's round. */
  private static void awaitRound(OvsdbServer server) {
    server.memory();
    server.memory();
  }
}
