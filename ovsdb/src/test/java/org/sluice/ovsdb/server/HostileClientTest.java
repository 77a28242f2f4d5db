package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.ovsdb.Seed;
import org.sluice.ovsdb.server.TestServer.Client;

/** Clients that send anything but what they should; others must not notice. */
@Timeout(60)
class HostileClientTest {
  private static final long MAX_REQUEST = 1 << 20;

  @TempDir Path directory;
  private TestServer server;

  @BeforeEach
  void setUp() throws Exception {
    ServerConfig config =
        new ServerConfig(
            directory, directory, new JsonRpcLimits(MAX_REQUEST, 100), 1 << 18, 8, 5_000, null);
    server = new TestServer(directory, config);
  }

  @AfterEach
  void tearDown() throws IOException {
    server.close();
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(server.socket()));
    return channel;
  }

  /** Sends bytes and waits until the server hangs up. */
  private void sendUntilHungUp(byte[] bytes) throws IOException {
    try (SocketChannel channel = connect()) {
      try {
        channel.write(ByteBuffer.wrap(bytes));
        channel.shutdownOutput();
        ByteBuffer answer = ByteBuffer.allocate(4096);
        while (channel.read(answer) >= 0) {
          answer.clear();
        }
      } catch (IOException e) {
        assertTrue(e.getMessage().matches("Broken pipe|Connection reset.*"), e.getMessage());
      }
    }
  }

  private void checkAlive() throws IOException {
    try (Client client = server.client()) {
      assertEquals("['alive']", client.call("echo", "['alive']"));
    }
  }

  @Test
  void shouldHangUpOnWhatIsNotJsonRpc() throws IOException {
    for (String text :
        List.of(
            "hello",
            "[]",
            "{}",
            "{\"method\":1}",
            "{\"method\":\"echo\",\"params\":{},\"id\":1}",
            "{\"method\":\"echo\",\"params\":[],\"id\":1,\"x\":1}",
            "\u0000\u0000",
            "{\"method\":\"echo\",\"params\":[\"\\ud800\"",
            "GET / HTTP/1.0\r\n\r\n")) {
      sendUntilHungUp(text.getBytes(StandardCharsets.UTF_8));
      checkAlive();
    }
  }

  @Test
  void shouldHangUpOnDeepNestingAndEndlessMessages() throws IOException {
    sendUntilHungUp("[".repeat(900_000).getBytes(StandardCharsets.UTF_8));
    checkAlive();
    sendUntilHungUp(
        ("{\"id\":\"" + "x".repeat((int) MAX_REQUEST * 2)).getBytes(StandardCharsets.UTF_8));
    checkAlive();
    sendUntilHungUp(
        ("{\"id\":" + "9".repeat((int) MAX_REQUEST * 2)).getBytes(StandardCharsets.UTF_8));
    checkAlive();
  }

  @Test
  void shouldAnswerDeepButLegalRequestWithError() throws IOException {
    try (Client client = server.client()) {
      String where = "[".repeat(80) + "]".repeat(80);
      String answer = client.transact("{'op':'select','table':'Parent','where':[" + where + "]}");
      assertTrue(answer.contains("Parse error in condition."), answer);
    }
  }

  @Test
  void shouldTellSlowMonitorOfManyChangesTogether() throws IOException {
    try (SocketChannel slow = connect();
        Client client = server.client()) {
      String monitor =
          "{\"method\":\"monitor\",\"params\":[\"family\",0,{\"Parent\":{}}],\"id\":1}";
      slow.write(ByteBuffer.wrap(monitor.getBytes(StandardCharsets.UTF_8)));
      changeMuch(client);
      StringBuilder received = new StringBuilder();
      ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
      while (received.indexOf("\"59x") < 0) {
        assertTrue(slow.read(buffer) > 0, "not disconnected");
        received.append(StandardCharsets.UTF_8.decode(buffer.flip()));
        buffer.clear();
      }
      assertTrue(received.length() < 60 * 100_000, "received " + received.length());
    }
    checkAlive();
  }

  /** Sixty changes of one row, each of 100 kB. */
  private static void changeMuch(Client client) throws IOException {
    String big = "x".repeat(100_000);
    client.transact("{'op':'insert','table':'Parent','row':{'name':'eve'}}");
    for (int i = 0; i < 60; i++) {
      client.transact(
          "{'op':'update','table':'Parent','where':[],'row':{'mood':'%d%s'}}".formatted(i, big));
    }
  }

  /** Each answer is 100 kB, and all requests are there at once. */
  @Test
  void shouldTakeNoFurtherRequestWhileTheClientDoesNotRead() throws Exception {
    int requests = 500;
    String select =
        "{\"method\":\"transact\",\"params\":[\"family\",{\"op\":\"select\",\"table\":\"Parent\","
            + "\"where\":[]}],\"id\":\"asked\"}";
    try (SocketChannel deaf = connect();
        Client client = server.client()) {
      changeMuch(client);
      deaf.write(ByteBuffer.wrap(select.repeat(requests).getBytes(StandardCharsets.UTF_8)));
      while (backlogBytes() <= 256 << 10) {
        client.call("echo", "[]");
      }
      for (int i = 0; i < 100; i++) {
        client.call("echo", "[]");
        assertTrue(backlogBytes() < 512 << 10, "backlog " + backlogBytes());
      }
      assertEquals(requests, countAnswers(deaf, requests));
    }
    checkAlive();
  }

  @Test
  void shouldKeepNoMoreForAClientThanItMayHave() throws Exception {
    String wait =
        "{'op':'wait','table':'Parent','where':[],'columns':['name'],'until':'==',"
            + "'rows':[{'name':'never'}]}";
    try (Client greedy = server.client();
        Client client = server.client()) {
      for (int i = 0; i < KeptItems.MAX_ITEMS - 2; i++) {
        greedy.send("transact", "['family'," + wait + "]");
      }
      assertEquals("{'locked':true}", greedy.call("lock", "['mine']"));
      greedy.call("monitor", "['family',0,{'Parent':{}}]");
      String refused = greedy.transact(wait);
      assertTrue(refused.contains("'error':'resources exhausted'"), refused);
      refused = greedy.call("lock", "['mine too']");
      assertTrue(refused.startsWith("error {"), refused);
      refused = greedy.call("lock", "['mine_too']");
      assertTrue(refused.contains("'error':'resources exhausted'"), refused);

      greedy.call("unlock", "['mine']");
      greedy.call("monitor_cancel", "[0]");
      greedy.tell("cancel", "[1]");
      for (String lock : List.of("a", "b", "c")) {
        assertEquals("{'locked':true}", greedy.call("lock", "['" + lock + "']"));
      }
      assertEquals("{'locked':false}", client.call("lock", "['a']"), "others do as before");
    }
  }

  private long backlogBytes() {
    return server.server().memory().get("backlog");
  }

  private static int countAnswers(SocketChannel channel, int expected) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    StringBuilder text = new StringBuilder();
    int answers = 0;
    while (answers < expected && channel.read(buffer) > 0) {
      text.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
      buffer.clear();
      for (int at = text.indexOf("\"asked\""); at >= 0; at = text.indexOf("\"asked\"")) {
        answers++;
        text.delete(0, at + 1);
      }
      text.delete(0, Math.max(0, text.length() - 10));
    }
    return answers;
  }

  @Test
  void shouldSurviveMutatedRequests() throws IOException {
    long seed = Seed.pick();
    Random random = Seed.random(seed);
    String good =
        "{\"method\":\"transact\",\"params\":[\"family\",{\"op\":\"insert\",\"table\":\"Parent\","
            + "\"row\":{\"name\":\"a\",\"tags\":[\"map\",[[\"k\",\"v\"]]]}},{\"op\":\"mutate\","
            + "\"table\":\"Parent\",\"where\":[[\"age\",\"<\",5]],\"mutations\":[[\"age\",\"+=\","
            + "1]]}],\"id\":7}";
    for (int round = 0; round < 300; round++) {
      byte[] bytes = good.getBytes(StandardCharsets.UTF_8);
      for (int i = 1 + random.nextInt(4); i > 0; i--) {
        int at = random.nextInt(bytes.length);
        bytes[at] =
            random.nextBoolean() ? bytes[random.nextInt(bytes.length)] : (byte) random.nextInt(256);
      }
      sendUntilHungUp(bytes);
    }
    checkAlive();
  }
}
