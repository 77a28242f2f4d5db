package org.sluice.base.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;

class StreamTest {
  @TempDir Path directory;

  /** What writes its complaints to {@code out}. */
  private static VlogRegistry logs(OutputStream out) {
    return new VlogRegistry(Clock.system(), "test", new PrintStream(out, true, UTF_8));
  }

  private static Vlog log() {
    return log(OutputStream.nullOutputStream());
  }

  private static Vlog log(OutputStream out) {
    return logs(out).vlog("stream_ssl");
  }

  private Tls tls(String own, String peer) {
    Tls tls = new Tls(log());
    tls.configure(TestPki.settings(directory, own, peer));
    return tls;
  }

  private StreamAddress peerOf(StreamListener listener, String scheme) {
    return StreamAddress.parse(scheme + ":127.0.0.1:" + listener.port(), directory, 0);
  }

  private StreamAddress place(String text) {
    return StreamAddress.parse(text, directory, 0);
  }

  /** Accepts one peer, and sends back what it sends. */
  private static CompletableFuture<String> echo(StreamListener listener) {
    CompletableFuture<String> peerId = new CompletableFuture<>();
    listener
        .threads()
        .start(() -> {
          try (Stream stream = listener.accept()) {
            stream.handshake();
            byte[] hello = stream.input().readNBytes(5);
            stream.output().write(hello);
            peerId.complete(stream.peerId());
            stream.input().read();
          } catch (IOException e) {
            peerId.completeExceptionally(e);
          }
        });
    return peerId;
  }

  /** The same where the test looks at the client only. */
  private static void echoUnwatched(StreamListener listener) {
    CompletableFuture<String> unwatched = echo(listener);
    assertTrue(!unwatched.isCancelled(), "accepting in the background");
  }

  private static void checkEcho(Stream stream) throws IOException {
    byte[] hello = "hello".getBytes(StandardCharsets.US_ASCII);
    stream.output().write(hello);
    assertArrayEquals(hello, stream.input().readNBytes(5));
  }

  @Test
  void shouldCarryBytesOverUnixAndTcp() throws IOException {
    try (StreamListener listener = place("punix:s").listen(null)) {
      echoUnwatched(listener);
      try (Stream stream = StreamAddress.parse("unix:s", directory, 0).connect(null)) {
        checkEcho(stream);
      }
    }
    assertTrue(Files.notExists(directory.resolve("s")), "the socket's file is gone");
    try (StreamListener listener = place("ptcp:0:127.0.0.1").listen(null)) {
      echoUnwatched(listener);
      try (Stream stream = peerOf(listener, "tcp").connect(null)) {
        checkEcho(stream);
      }
    }
  }

  @Test
  void shouldCarryBytesOverTlsAndNameThePeer() throws Exception {
    TestPki.make(directory, "server");
    TestPki.make(directory, "client");
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(tls("server", "client"))) {
      CompletableFuture<String> peerId = echo(listener);
      try (Stream stream = peerOf(listener, "ssl").connect(tls("client", "server"))) {
        checkEcho(stream);
        assertEquals("server", stream.peerId());
        assertEquals("client", peerId.get());
      }
    }
  }

  @Test
  void shouldRefuseAPeerThatNobodyVouchesFor() throws Exception {
    TestPki.make(directory, "server");
    TestPki.make(directory, "client");
    TestPki.make(directory, "stranger");
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(tls("server", "client"))) {
      CompletableFuture<String> peerId = echo(listener);
      try (Stream stream = peerOf(listener, "ssl").connect(tls("stranger", "server"))) {
        // With TLS 1.3 the client learns of the refusal only when it uses the connection.
        assertThrows(IOException.class, () -> checkEcho(stream));
      } catch (IOException _) {
        assertTrue(true, "refused in the handshake");
      }
      assertThrows(ExecutionException.class, peerId::get);
    }
  }

  @Test
  void shouldLearnWhomToTrustFromTheFirstPeer() throws Exception {
    TestPki.make(directory, "server");
    TestPki.make(directory, "client");
    Tls learning = new Tls(log());
    Path learnt = directory.resolve("learnt");
    learning.configure(TestPki.settings(directory, "client", "server").withCa(learnt, true));
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(tls("server", "client"))) {
      echoUnwatched(listener);
      assertThrows(IOException.class, () -> peerOf(listener, "ssl").connect(learning));
      assertEquals(Files.readString(directory.resolve("server.cert")), Files.readString(learnt));
      echoUnwatched(listener);
      try (Stream stream = peerOf(listener, "ssl").connect(learning)) {
        checkEcho(stream);
      }
    }
  }

  private static void connectOnce(StreamListener listener, StreamAddress peer, Tls tls)
      throws Exception {
    CompletableFuture<String> served = echo(listener);
    try (Stream stream = peer.connect(tls)) {
      checkEcho(stream);
      assertEquals("client", served.get());
    }
  }

  @Test
  void shouldSayWhomItIsLookingForUnlessThatIsAnAddress() throws Exception {
    TestPki.make(directory, "server");
    TestPki.make(directory, "client");
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    VlogRegistry registry = logs(logged);
    registry.setLevel(null, null, LogLevel.DBG);
    Tls server = new Tls(registry.vlog("stream_ssl"));
    server.configure(TestPki.settings(directory, "server", "client"));
    Tls client = tls("client", "server");
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(server)) {
      StreamAddress byAddress = peerOf(listener, "ssl");
      connectOnce(listener, byAddress, client);
      assertEquals("", logged.toString(UTF_8));
      connectOnce(
          listener, StreamAddress.parse("ssl:localhost:" + listener.port(), directory, 0), client);
      client.configure(client.settings().withServerName("told.example"));
      connectOnce(listener, byAddress, client);
      // A name that no host can have is told, and nothing is said to the server.
      client.configure(client.settings().withServerName("..."));
      connectOnce(listener, byAddress, client);
    }
    assertEquals(
        List.of("localhost", "told.example"),
        logged
            .toString(UTF_8)
            .lines()
            .map(line -> line.replaceAll(".*\\|connection indicated server name ", ""))
            .toList());
  }

  @Test
  @Timeout(20)
  void shouldHangUpOnItsOwnReaderWithoutComplaint() throws Exception {
    TestPki.make(directory, "server");
    TestPki.make(directory, "client");
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    Tls client = new Tls(log(logged));
    client.configure(TestPki.settings(directory, "client", "server"));
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(tls("server", "client"))) {
      for (int i = 0; i < 20; i++) {
        echoUnwatched(listener);
        Stream stream = peerOf(listener, "ssl").connect(client);
        stream.handshake();
        checkEcho(stream);
        Thread reader = Thread.ofPlatform().unstarted(() -> readToTheEnd(stream));
        reader.start();
        while (reader.getState() == Thread.State.NEW) {
          Thread.onSpinWait();
        }
        stream.close();
        reader.join();
      }
    }
    assertEquals("", logged.toString(UTF_8));
  }

  private static void readToTheEnd(Stream stream) {
    try {
      assertEquals(-1, stream.input().read());
    } catch (IOException e) {
      assertEquals("Protocol error", e.getMessage());
    }
  }

  @Test
  void shouldSayThatAPeerLeftBeforeHandsWereShaken() throws Exception {
    assertEquals("SSL_accept: unexpected SSL/TLS connection close", complaintAbout(new byte[0]));
  }

  /** So that it is writing and not reading that fails. */
  @Test
  void shouldSayThatAPeerLeftWhenItHadBegun() throws Exception {
    SSLEngine client = SSLContext.getDefault().createSSLEngine();
    client.setUseClientMode(true);
    ByteBuffer hello = ByteBuffer.allocate(client.getSession().getPacketBufferSize());
    client.wrap(ByteBuffer.allocate(0), hello);
    assertEquals(
        "SSL_accept: unexpected SSL/TLS connection close",
        complaintAbout(Arrays.copyOf(hello.array(), hello.position())));
  }

  /** What a server says of a client that sends {@code bytes} and closes the connection. */
  private String complaintAbout(byte[] bytes) throws Exception {
    TestPki.make(directory, "server");
    TestPki.make(directory, "client");
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    Tls server = new Tls(log(logged));
    server.configure(TestPki.settings(directory, "server", "client"));
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(server)) {
      try (Stream peer = peerOf(listener, "tcp").connect(null)) {
        peer.output().write(bytes);
      }
      assertThrows(ExecutionException.class, echo(listener)::get);
    }
    String text = logged.toString(UTF_8).strip();
    return text.substring(text.lastIndexOf('|') + 1);
  }

  @Test
  @Timeout(20)
  void shouldNotWaitForEverForAPeerThatNeverComesToAnEnd() throws Exception {
    TestPki.make(directory, "server");
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    Tls server = new Tls(log(logged), 300);
    server.configure(TestPki.settings(directory, "server", "server"));
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(server)) {
      CompletableFuture<String> served = echo(listener);
      try (Stream peer = peerOf(listener, "tcp").connect(null)) {
        // The head of a record of 16384 bytes, and then its bytes, one at a time.
        peer.output().write(new byte[] {22, 3, 1, 64, 0});
        assertThrows(IOException.class, () -> dribble(peer));
      }
      assertThrows(ExecutionException.class, served::get);
    }
    String text = logged.toString(UTF_8);
    assertTrue(text.matches("(?s).*SSL_accept: ssl:127.0.0.1:[0-9]+ takes too long.*"), text);
  }

  private static void dribble(Stream stream) throws IOException {
    for (int i = 0; i < 16_384; i++) {
      stream.output().write(0);
      LockSupport.parkNanos(5_000_000);
    }
  }

  @Test
  void shouldMarkThePacketsOfTcp() throws Exception {
    for (String host : new String[] {"127.0.0.1", "[::1]"}) {
      try (StreamListener listener = place("ptcp:0:" + host).listen(null);
          Stream client =
              StreamAddress.parse("tcp:" + host + ":" + listener.port(), directory, 0)
                  .connect(null);
          Stream stream = listener.accept()) {
        assertEquals(0, stream.socket().getOption(StandardSocketOptions.IP_TOS));
        stream.mark(48);
        assertEquals(192, stream.socket().getOption(StandardSocketOptions.IP_TOS));
        assertEquals(0, client.socket().getOption(StandardSocketOptions.IP_TOS));
      }
    }
    try (StreamListener listener = place("punix:s").listen(null);
        Stream client = StreamAddress.parse("unix:s", directory, 0).connect(null)) {
      client.mark(48);
      assertEquals(-1, listener.port());
    }
  }

  @Test
  void shouldNotAgreeWhereNoCipherIsCommon() throws Exception {
    TestPki.make(directory, "server");
    TestPki.make(directory, "client");
    Tls server = tls("server", "client");
    server.configure(
        server.settings().withCiphers("TLSv1.3", null, "TLS_CHACHA20_POLY1305_SHA256"));
    Tls client = tls("client", "server");
    client.configure(client.settings().withCiphers("TLSv1.3", null, "TLS_AES_256_GCM_SHA384"));
    try (StreamListener listener = place("pssl:0:127.0.0.1").listen(server)) {
      echoUnwatched(listener);
      assertThrows(IOException.class, () -> peerOf(listener, "ssl").connect(client));
    }
  }

  @Test
  void shouldReadAddressesAsOpenVswitchWritesThem() {
    assertEquals("tcp:[::1]:6640", StreamAddress.parse("tcp:[::1]", directory, 6640).toString());
    assertEquals("ssl:host:1", StreamAddress.parse("ssl:host:1", directory, 6640).toString());
    assertEquals("ptcp:0:[::1]", place("ptcp:0:[::1]").toString());
    assertEquals("pssl:6640", StreamAddress.parse("pssl:", directory, 6640).toString());
    assertEquals("pfd:3", place("pfd:3").toString());
    assertEquals(directory.resolve("s"), place("punix:s").file());
    assertEquals("unix:/s", place("unix:/s").toString());
    String[] bad = {
      "tcp:",
      "tcp:h:99999",
      "ssl:h:x",
      "unix:",
      "http:x",
      "punix:",
      "ptcp:x",
      "pfd:",
      "pfd:x",
      "tcp"
    };
    for (String text : bad) {
      assertThrows(IllegalArgumentException.class, () -> place(text), text);
    }
  }

  @Test
  void shouldNotTakeADescriptorThatDoesNotListen() {
    IOException e = assertThrows(IOException.class, () -> place("pfd:999").listen(null));
    assertEquals("pfd:999: not a socket (Bad file descriptor)", e.getMessage());
  }
}
