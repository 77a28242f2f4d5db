package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.server.TestServer.Client;

/** Many clients, and huge ones, against the limits that a server has when nobody sets them. */
@Timeout(120)
class CrowdTest {
  private static final int MEGABYTE = 1 << 20;

  @TempDir Path directory;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private TestServer server;

  @BeforeEach
  void setUp() throws Exception {
    PrintStream lines = new PrintStream(log, true, StandardCharsets.UTF_8);
    server =
        new TestServer(directory, ServerConfig.in(directory).withDatabasesIn(directory), lines);
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

  /** Sends so many bytes of one kind after {@code beginning}, or until the server hangs up. */
  private void sendUntilHungUp(String beginning, char filling, int megabytes) throws IOException {
    byte[] chunk = new byte[MEGABYTE];
    Arrays.fill(chunk, (byte) filling);
    try (SocketChannel channel = connect();
        Client other = server.client()) {
      channel.write(ByteBuffer.wrap(beginning.getBytes(StandardCharsets.UTF_8)));
      assertThrows(
          IOException.class,
          () -> {
            for (int i = 0; i < megabytes; i++) {
              ByteBuffer bytes = ByteBuffer.wrap(chunk);
              while (bytes.hasRemaining()) {
                channel.write(bytes);
              }
              assertEquals("['served']", other.call("echo", "['served']"));
            }
          });
      assertEquals("['served']", other.call("echo", "['served']"));
    }
  }

  private static long usedBytes() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** What a client took is free again once the server has dealt with its end. */
  private static void awaitMemory(long before) {
    while (usedBytes() > before + 16 * MEGABYTE) {
      Thread.onSpinWait();
    }
  }

  /** Connecting does not wait for the server to notice. */
  private void awaitSessions(long count) {
    while (server.server().memory().get("sessions") != count) {
      Thread.onSpinWait();
    }
  }

  private void assertLogged(String words) {
    String lines = log.toString(StandardCharsets.UTF_8);
    assertEquals(1, lines.lines().filter(line -> line.contains(words)).count(), lines);
  }

  @Test
  void shouldServeOthersWhileThousandClientsSayNothing() throws Exception {
    List<SocketChannel> idle = new ArrayList<>();
    try (Client client = server.client()) {
      client.transact("{'op':'insert','table':'Parent','row':{'name':'eve'}}");
      long before = usedBytes();
      for (int i = 0; i < 1000; i++) {
        idle.add(connect());
      }
      for (int i = 0; i < 100; i++) {
        String answer =
            client.transact(
                "{'op':'update','table':'Parent','where':[],'row':{'mood':'%d'}}".formatted(i));
        assertEquals("[{'count':1}]", answer);
      }
      awaitSessions(1001);
      long each = (usedBytes() - before) / 1000;
      assertTrue(each < 16 << 10, each + " bytes for each idle client");
      for (SocketChannel one : idle) {
        one.close();
      }
      awaitSessions(1);
    } finally {
      for (SocketChannel one : idle) {
        one.close();
      }
    }
  }

  @Test
  void shouldHangUpOnHundredMegabytesOfJsonAndSayWhy() throws Exception {
    long before = usedBytes();
    sendUntilHungUp("{\"id\":1,\"method\":\"transact\",\"params\":[\"", 'x', 100);
    assertLogged("message is longer than 67108864 bytes");
    awaitMemory(before);
  }

  @Test
  void shouldHangUpOnMillionBracketsAndSayWhy() throws Exception {
    sendUntilHungUp("{\"id\":1,\"method\":\"transact\",\"params\":", '[', 8);
    assertLogged("input exceeds maximum nesting depth 1000");
  }

  @Test
  void shouldHoldLittleForClientThatAsksForMuchAndReadsNothing() throws Exception {
    long before = usedBytes();
    try (SocketChannel deaf = connect();
        Client client = server.client()) {
      String big = "x".repeat(MEGABYTE);
      client.transact("{'op':'insert','table':'Parent','row':{'name':'%s'}}".formatted(big));
      String select =
          "{\"method\":\"transact\",\"params\":[\"family\",{\"op\":\"select\",\"table\":\"Parent\","
              + "\"where\":[]}],\"id\":1}";
      ByteBuffer requests = ByteBuffer.wrap(select.repeat(10_000).getBytes(StandardCharsets.UTF_8));
      deaf.configureBlocking(false);
      for (int refused = 0; refused < 100; refused++) {
        refused = deaf.write(requests) > 0 ? 0 : refused;
        assertEquals("['served']", client.call("echo", "['served']"));
      }
      assertTrue(requests.hasRemaining());
      awaitMemory(before);
    }
    awaitMemory(before);
  }
}
