package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
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

  private static final String SELECT =
      "{\"method\":\"transact\",\"params\":[\"family\",{\"op\":\"select\",\"table\":\"Parent\","
          + "\"where\":[]}],\"id\":1}";

  @TempDir Path directory;
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private TestServer server;
  private UnixDomainSocketAddress entrance;

  /** Where the crowd comes to; others come to the server's usual socket. */
  Path entrance(TestServer of) throws IOException {
    return of.socket();
  }

  @BeforeEach
  void setUp() throws Exception {
    PrintStream lines = new PrintStream(log, true, StandardCharsets.UTF_8);
    server =
        new TestServer(directory, ServerConfig.in(directory).withDatabasesIn(directory), lines);
    entrance = UnixDomainSocketAddress.of(entrance(server));
  }

  @AfterEach
  void tearDown() throws IOException {
    server.close();
  }

  private SocketChannel connect() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(entrance);
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

  /** Each sends less than is allowed, but together they would fill the memory. */
  @Test
  void shouldHangUpOnWhoSentMostWhenManySendLongMessages() throws Exception {
    long before = usedBytes();
    byte[] chunk = new byte[MEGABYTE];
    Arrays.fill(chunk, (byte) 'x');
    long all = 2 * Runtime.getRuntime().maxMemory();
    List<SocketChannel> crowd = new ArrayList<>();
    try (Client other = server.client()) {
      for (long sent = 0; sent < all; sent += 48 * MEGABYTE) {
        SocketChannel channel = connect();
        crowd.add(channel);
        sendUnlessHungUp(channel, "{\"id\":\"".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 48; i++) {
          sendUnlessHungUp(channel, chunk);
        }
        assertEquals("['served']", other.call("echo", "['served']"));
      }
    } finally {
      for (SocketChannel channel : crowd) {
        channel.close();
      }
    }
    assertTrue(log.toString(StandardCharsets.UTF_8).contains("disconnecting who sent most"));
    awaitMemory(before);
  }

  private static void sendUnlessHungUp(SocketChannel channel, byte[] bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
    } catch (IOException e) {
      assertTrue(e.getMessage().matches("Broken pipe|Connection reset.*"), e.getMessage());
    }
  }

  /** Requests that are right, too long to be taken apart all at once, and from many at a time. */
  @Test
  void shouldAnswerLongRequestsOfManyClients() throws Exception {
    long before = usedBytes();
    String numbers = "[" + "7,".repeat(2 * MEGABYTE) + "7]";
    byte[] request =
        ("{\"id\":1,\"method\":\"echo\",\"params\":" + numbers + "}")
            .getBytes(StandardCharsets.UTF_8);
    List<Thread> senders = new ArrayList<>();
    AtomicInteger answered = new AtomicInteger();
    for (int i = 0; i < 16; i++) {
      senders.add(
          Thread.ofPlatform()
              .start(() -> {
                try (SocketChannel channel = connect()) {
                  sendUnlessHungUp(channel, request);
                  answered.addAndGet(countAnswered(channel, numbers.length()));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }));
    }
    for (Thread sender : senders) {
      sender.join();
    }
    assertEquals(senders.size(), answered.get());
    awaitMemory(before);
  }

  /** 1 if so many bytes come back, and 0 if the server hangs up before. */
  private static int countAnswered(SocketChannel channel, int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    int left = bytes;
    while (left > 0) {
      int n = channel.read(buffer.clear());
      if (n < 0) {
        return 0;
      }
      left -= n;
    }
    return 1;
  }

  /** A client that is gone while its requests wait is forgotten with all that it had. */
  @Test
  void shouldForgetClientThatLeavesWhileItsRequestsWait() throws Exception {
    try (Client client = server.client()) {
      String big = "x".repeat(MEGABYTE);
      client.transact("{'op':'insert','table':'Parent','row':{'name':'%s'}}".formatted(big));
      for (int i = 0; i < 20; i++) {
        try (SocketChannel deaf = connect()) {
          deaf.write(ByteBuffer.wrap(SELECT.repeat(1000).getBytes(StandardCharsets.UTF_8)));
          client.call("echo", "[]");
        }
      }
      awaitSessions(1);
    }
  }

  @Test
  void shouldHoldLittleForClientThatAsksForMuchAndReadsNothing() throws Exception {
    long before = usedBytes();
    try (SocketChannel deaf = connect();
        Client client = server.client()) {
      String big = "x".repeat(MEGABYTE);
      client.transact("{'op':'insert','table':'Parent','row':{'name':'%s'}}".formatted(big));
      ByteBuffer requests = ByteBuffer.wrap(SELECT.repeat(10_000).getBytes(StandardCharsets.UTF_8));
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

  /** Each waits for less than is allowed, but together they would fill the memory. */
  @Test
  void shouldHangUpOnThoseForWhomMostWaitsWhenManyReadNothing() throws Exception {
    long before = usedBytes();
    long all = 2 * Runtime.getRuntime().maxMemory();
    List<SocketChannel> crowd = new ArrayList<>();
    try (Client other = server.client()) {
      String big = "x".repeat(16 * MEGABYTE);
      other.transact("{'op':'insert','table':'Parent','row':{'name':'%s'}}".formatted(big));
      for (long asked = 0; asked < all; asked += 16 * MEGABYTE) {
        SocketChannel deaf = connect();
        crowd.add(deaf);
        deaf.write(ByteBuffer.wrap(SELECT.getBytes(StandardCharsets.UTF_8)));
      }
      while (!log.toString(StandardCharsets.UTF_8).contains("disconnecting whom most waits for")) {
        assertEquals("['served']", other.call("echo", "['served']"));
      }
      other.transact("{'op':'delete','table':'Parent','where':[]}");
    } finally {
      for (SocketChannel channel : crowd) {
        channel.close();
      }
    }
    awaitMemory(before);
  }
}
