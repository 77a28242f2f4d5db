package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.ManualClock;
import org.sluice.base.stream.StreamAddress;
import org.sluice.base.stream.StreamListener;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.OfAddress;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.ofproto.Ofproto.Standalone;

/** The test is a controller at a Unix socket, or a tool that lies. */
@Timeout(20)
class OfprotoConnectionsTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock(SECOND, 0);
  private final Ofproto ofproto =
      new Ofproto(
          "br0", new ReentrantLock(), new ChangeSequence(), new TableVersions(), new FakeBackend());
  private OfprotoConnections connections;
  private StreamListener listener;

  @BeforeEach
  void start() throws IOException {
    connections = TestConnections.of(ofproto, directory, clock, System.err);
    listener = OfAddress.parse("punix:controller", directory).listen(null);
  }

  @AfterEach
  void stop() throws IOException {
    connections.close();
    listener.close();
  }

  private ControllerSettings controller() {
    return ControllerSettings.of("unix:" + directory.resolve("controller"));
  }

  private static OfMessage ask(OfStream stream, OfMessage message) throws IOException {
    for (byte[] bytes : OfEncoder.encode(message, 7, Dialect.of(OfVersion.OF13))) {
      stream.send(bytes);
    }
    return receive(stream);
  }

  private static OfMessage receive(OfStream stream) throws IOException {
    Decoded decoded = OfDecoder.decode(stream.receive().bytes(), false);
    return assertInstanceOf(Decoded.Ok.class, decoded).message();
  }

  @Test
  void shouldBridgeByItselfUntilControllerIsThere() throws IOException {
    connections.setControllers(List.of(), false);
    assertEquals(Standalone.VISIBLE, ofproto.standalone());

    connections.setControllers(List.of(controller()), false);
    assertEquals(Standalone.HIDDEN, ofproto.standalone());
    assertFalse(connections.status().getFirst().isConnected());

    try (OfStream stream = new OfStream(listener.accept())) {
      assertEquals(OfVersion.OF13, OfNegotiation.agree(stream, Set.of(OfVersion.OF13)));
      OfMessage.EchoRequest echo = new OfMessage.EchoRequest(Bytes.of((byte) 5));
      assertEquals(new OfMessage.EchoReply(Bytes.of((byte) 5)), ask(stream, echo));

      connections.step(clock.nowNs());
      assertEquals(Standalone.OFF, ofproto.standalone());
      ControllerStatus status = connections.status().getFirst();
      assertTrue(status.isConnected());
      assertEquals("other", status.role());
      assertEquals("ACTIVE", status.state());
    }
  }

  @Test
  void shouldAskSilentControllerForSignOfLife() throws Exception {
    connections.setControllers(List.of(controller()), true);
    try (OfStream stream = new OfStream(listener.accept())) {
      OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
      ask(stream, new OfMessage.BarrierRequest());
      clock.advanceNs(6 * SECOND);
      connections.step(clock.nowNs());
      assertInstanceOf(OfMessage.EchoRequest.class, receive(stream));
      assertEquals("IDLE", connections.status().getFirst().state());
      assertTrue(connections.status().getFirst().isConnected());
      clock.advanceNs(6 * SECOND);
      await(() -> {
        connections.step(clock.nowNs()); // not heard while what it asked for is being done
        return !connections.status().getFirst().isConnected();
      });
      assertNull(stream.receive());
    }
  }

  /** The switch may have had other things to do when it was time to ask. */
  @Test
  void shouldGiveAControllerTheWholeIntervalForItsAnswer() throws IOException {
    connections.setControllers(List.of(controller()), true);
    try (OfStream stream = new OfStream(listener.accept())) {
      OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
      ask(stream, new OfMessage.BarrierRequest());
      clock.advanceNs(30 * SECOND);
      connections.step(clock.nowNs());
      assertInstanceOf(OfMessage.EchoRequest.class, receive(stream));
      clock.advanceNs(4 * SECOND);
      connections.step(clock.nowNs());
      assertInstanceOf(OfMessage.BarrierReply.class, ask(stream, new OfMessage.BarrierRequest()));
      clock.advanceNs(4 * SECOND);
      connections.step(clock.nowNs());
      assertInstanceOf(OfMessage.BarrierReply.class, ask(stream, new OfMessage.BarrierRequest()));
    }
  }

  /** It cannot be heard while the switch is busy with what it has asked for. */
  @Test
  void shouldBearWithAControllerThatTakesItsTimeToReadAnswers() throws Exception {
    connections.setControllers(List.of(controller()), true);
    try (OfStream stream = new OfStream(listener.accept())) {
      OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
      OfMessage.EchoRequest question = new OfMessage.EchoRequest(Bytes.of(new byte[60_000]));
      int count = 40;
      Thread asking = Thread.startVirtualThread(() -> send(stream, question, count));
      await(() -> !ofproto.sessions().all().isEmpty() && peer().isWaiting());
      for (int i = 0; i < 5; i++) {
        clock.advanceNs(6 * SECOND);
        connections.step(clock.nowNs());
      }
      int answers = 0;
      while (answers < count) {
        answers += receive(stream) instanceof OfMessage.EchoReply ? 1 : 0;
      }
      asking.join();
    }
  }

  private OpenFlowPeer peer() {
    return assertInstanceOf(
        OpenFlowPeer.class, ofproto.sessions().all().getFirst().outbox(), "the only one");
  }

  private static void send(OfStream stream, OfMessage message, int count) {
    try {
      for (int i = 0; i < count; i++) {
        for (byte[] bytes : OfEncoder.encode(message, 7, Dialect.of(OfVersion.OF13))) {
          stream.send(bytes);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  @Test
  void shouldTellHowLongAControllerHasBeenThereOrGone() throws Exception {
    connections.setControllers(List.of(controller()), true);
    assertEquals(
        new ControllerStatus.Ages(ControllerStatus.Ages.NEVER, ControllerStatus.Ages.NEVER),
        connections.status().getFirst().ages());
    try (OfStream stream = new OfStream(listener.accept())) {
      OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
      ask(stream, new OfMessage.BarrierRequest());
      clock.advanceNs(7 * SECOND);
      assertEquals(
          new ControllerStatus.Ages(7, ControllerStatus.Ages.NEVER),
          connections.status().getFirst().ages());
    }
    await(() -> !connections.status().getFirst().isConnected());
    clock.advanceNs(3 * SECOND);
    ControllerStatus gone = connections.status().getFirst();
    assertEquals(new ControllerStatus.Ages(10, 3), gone.ages());
    assertEquals("BACKOFF", gone.state());
    assertEquals("End of file", gone.lastError());
  }

  /** Whoever comes there is a tool like any other. */
  @Test
  void shouldNotTellOfWhoeverComesWhereItListens() throws Exception {
    String place = "punix:" + directory.resolve("br0.extra");
    connections.setControllers(List.of(ControllerSettings.of(place)), true);
    StreamAddress there = OfAddress.parse("unix:br0.extra", directory);
    try (OfStream stream = new OfStream(there.connect(null))) {
      OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
      ask(stream, new OfMessage.BarrierRequest());
      ControllerStatus status = connections.status().getFirst();
      assertFalse(status.isConnected());
      assertNull(status.role());
      assertNull(status.state());
    }
  }

  /** The first attempt may take a second, later ones as long as the pause before them. */
  @Test
  void shouldGiveUpAControllerThatDoesNotSayHello() throws Exception {
    connections.setControllers(List.of(controller()), true);
    for (int seconds : new int[] {1, 2, 4}) {
      try (OfStream silent = new OfStream(listener.accept())) {
        silent.receive(); // hello
        assertEquals("CONNECTING", connections.status().getFirst().state());
        clock.advanceNs(seconds * SECOND - 1);
        connections.step(clock.nowNs());
        assertEquals("CONNECTING", connections.status().getFirst().state());
        clock.advanceNs(1);
        connections.step(clock.nowNs());
        assertNull(silent.receive());
      }
      await(() -> connections.status().getFirst().state().equals("BACKOFF"));
      assertEquals("Connection timed out", connections.status().getFirst().lastError());
      clock.advanceNs(seconds * SECOND);
      connections.step(clock.nowNs());
    }
  }

  /** A listener whose queue is full does not answer. */
  @Test
  void shouldGiveUpAHostThatDoesNotAnswer() throws Exception {
    List<Socket> filling = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      while (fill(filling, full.getLocalSocketAddress())) {
        // there is room for one more
      }
      String target = "tcp:127.0.0.1:" + full.getLocalPort();
      connections.setControllers(List.of(ControllerSettings.of(target)), true);
      assertEquals("CONNECTING", connections.status().getFirst().state());
      clock.advanceNs(SECOND);
      connections.step(clock.nowNs());
      await(() -> connections.status().getFirst().state().equals("BACKOFF"));
      assertEquals("Connection timed out", connections.status().getFirst().lastError());
    } finally {
      for (Socket each : filling) {
        each.close();
      }
    }
  }

  private static boolean fill(List<Socket> filling, SocketAddress place) throws IOException {
    Socket socket = new Socket();
    filling.add(socket);
    try {
      socket.connect(place, 200);
      return true;
    } catch (SocketTimeoutException _) {
      return false;
    }
  }

  @Test
  void shouldShowASnoopWhatAControllerAndTheSwitchSay() throws Exception {
    connections.open();
    connections.setControllers(List.of(controller()), true);
    StreamAddress snoop = OfAddress.parse("unix:br0.snoop", directory);
    try (OfStream stream = new OfStream(listener.accept());
        OfStream watcher = new OfStream(snoop.connect(null))) {
      OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
      OfNegotiation.agree(watcher, Set.of(OfVersion.OF13));
      OfMessage.EchoRequest question = new OfMessage.EchoRequest(Bytes.of((byte) 5));
      OfMessage answer = new OfMessage.EchoReply(Bytes.of((byte) 5));
      AtomicBoolean seen = new AtomicBoolean();
      Thread asking = Thread.startVirtualThread(() -> askUntil(seen, stream, question));
      OfMessage shown = receive(watcher);
      while (!shown.equals(question)) { // the watcher may have come between question and answer
        shown = receive(watcher);
      }
      assertEquals(answer, receive(watcher));
      seen.set(true);
      asking.join();
    }
  }

  private static void askUntil(AtomicBoolean seen, OfStream stream, OfMessage question) {
    try {
      while (!seen.get()) {
        ask(stream, question);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldReportErrorWithRequestWhenRefused() throws IOException {
    connections.setControllers(List.of(controller()), true);
    try (OfStream stream = new OfStream(listener.accept())) {
      OfNegotiation.agree(stream, Set.of(OfVersion.OF13));
      OfMessage answer = ask(stream, new OfMessage.PortMod(9, 1, 0, 1, 0));
      OfMessage.ErrorReport report = assertInstanceOf(OfMessage.ErrorReport.class, answer);
      assertEquals(OfError.OFPPMFC_BAD_PORT, report.error());
      assertEquals(16, report.data().get(1));
    }
  }

  @Test
  void shouldNotListenOutsideItsDirectory() {
    connections.setControllers(List.of(ControllerSettings.of("punix:/tmp/elsewhere")), true);
    assertEquals(List.of(), connections.status());
    connections.setControllers(List.of(ControllerSettings.of("nonsense:1")), true);
    assertEquals(List.of(), connections.status());
  }
}
