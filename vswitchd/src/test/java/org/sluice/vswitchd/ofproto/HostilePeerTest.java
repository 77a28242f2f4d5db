package org.sluice.vswitchd.ofproto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.ManualClock;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.connection.OfAddress;
import org.sluice.openflow.connection.OfNegotiation;
import org.sluice.openflow.connection.OfStream;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.vswitchd.classifier.TableVersions;

/** Peers that say nothing or never listen: the switch and its other peers do not notice. */
@Timeout(30)
class HostilePeerTest {
  private static final long SECOND = 1_000_000_000L;
  private static final int FLOWS = 4000;

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock(SECOND, 0);
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Ofproto ofproto =
      new Ofproto(
          "br0", new ReentrantLock(), new ChangeSequence(), new TableVersions(), new FakeBackend());
  private OfprotoConnections connections;

  @BeforeEach
  void start() throws IOException {
    connections = TestConnections.of(ofproto, directory, clock, log);
    connections.open();
  }

  @AfterEach
  void stop() {
    connections.close();
  }

  private OfStream connect() throws IOException {
    return new OfStream(OfAddress.parse("unix:br0.mgmt", directory).connect(null));
  }

  private OfStream greet() throws IOException {
    OfStream stream = connect();
    OfNegotiation.agree(stream, Set.of(OfVersion.OF14));
    return stream;
  }

  private static void send(OfStream stream, OfMessage message) throws IOException {
    for (byte[] bytes : OfEncoder.encode(message, 7, Dialect.of(OfVersion.OF14))) {
      stream.send(bytes);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      Thread.sleep(5);
    }
  }

  private boolean isLogged(String text) {
    return log.toString(UTF_8).contains(text);
  }

  private void assertServed() throws IOException {
    try (OfStream other = greet()) {
      send(other, new OfMessage.BarrierRequest());
      assertTrue(other.receive().bytes()[1] == 21, "a barrier is answered");
    }
  }

  /** Sends messages of {@code peer} from a thread of its own, until it is hung up on. */
  private static Thread flood(OfStream peer, OfMessage... messages) {
    return Thread.ofVirtual()
        .start(() -> {
          try {
            while (true) {
              for (OfMessage message : messages) {
                send(peer, message);
              }
            }
          } catch (IOException _) {
            // hung up on
          }
        });
  }

  @Test
  void shouldHangUpOnAPeerThatSaysNothing() throws Exception {
    try (OfStream silent = connect()) {
      silent.receive(); // hello
      assertServed();
      clock.advanceNs(10 * SECOND);
      assertNull(silent.receive());
      assertTrue(isLogged("rconn|WARN|br0: a peer did not say hello, disconnecting"));
      assertServed();
    }
  }

  /** They come faster than the threads that serve them begin. */
  @Test
  void shouldRefusePeersThatAreTooMany() throws Exception {
    List<OfStream> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(connect());
    }
    int greeted = 0;
    for (OfStream peer : all) {
      greeted += isGreeted(peer) ? 1 : 0;
    }
    assertEquals(256, greeted);
    for (OfStream peer : all) {
      peer.close();
    }
    await(this::isServed);
  }

  private static boolean isGreeted(OfStream peer) {
    try {
      return peer.receive() != null;
    } catch (IOException _) {
      return false;
    }
  }

  private boolean isServed() {
    try {
      assertServed();
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Test
  void shouldHangUpOnAPeerThatAsksAndNeverListens() throws Exception {
    try (OfStream deaf = greet()) {
      await(() -> ofproto.sessions().all().size() == 1);
      Thread flood = flood(deaf, new OfMessage.EchoRequest(Bytes.of(new byte[1000])));
      OpenFlowPeer peer = peer();
      await(peer::isWaiting);
      assertServed();
      giveTime(flood, 60);
      assertTrue(isLogged("rconn|WARN|br0: a peer does not read, disconnecting"));
      await(() -> ofproto.sessions().all().isEmpty());
      assertServed();
    }
  }

  /** Every answer has all flows, and is made under the writer lock, where nobody may wait. */
  @Test
  void shouldQueueOneLargeAnswerOnlyForAPeerThatNeverListens() throws Exception {
    for (int i = 0; i < FLOWS; i++) {
      ofproto.flowMod(flowTo(i), 0);
    }
    try (OfStream deaf = greet()) {
      await(() -> ofproto.sessions().all().size() == 1);
      Thread flood =
          flood(deaf, monitor(FlowMonitor.Command.ADD), monitor(FlowMonitor.Command.DELETE));
      OpenFlowPeer peer = peer();
      await(() -> peer.queuedBytes() > OpenFlowPeer.MAX_QUEUED_BYTES && peer.isWaiting());
      assertServed();
      long queued = peer.queuedBytes();
      assertTrue(queued < 3 * OpenFlowPeer.MAX_QUEUED_BYTES, () -> queued + " bytes are queued");
      giveTime(flood, 60);
      assertTrue(isLogged("rconn|WARN|br0: a peer does not read, disconnecting"));
    }
  }

  /** Lets time pass until the flood has ended, which must not be before {@code seconds} have. */
  private void giveTime(Thread flood, int seconds) throws InterruptedException {
    int passed = 0;
    for (; !flood.join(Duration.ofMillis(20)); passed++) {
      clock.advanceNs(SECOND);
    }
    assertTrue(passed >= seconds, () -> "too early");
  }

  private OpenFlowPeer peer() {
    return assertInstanceOf(
        OpenFlowPeer.class, ofproto.sessions().all().getFirst().outbox(), "one peer");
  }

  private static OfMessage monitor(FlowMonitor.Command command) {
    int flags = FlowMonitor.INITIAL | FlowMonitor.ADD | FlowMonitor.INSTRUCTIONS;
    return new Multipart.FlowMonitorRequest(
        List.of(
            new FlowMonitor(
                5, command, flags, FlowMod.Filter.NONE, FlowMod.ANY_TABLE, Match.any())),
        false);
  }

  private static FlowMod flowTo(int address) {
    FlowKey key = new FlowKey();
    key.set(Field.IPV6_DST, 0, address);
    FlowMask mask = new FlowMask();
    mask.cover(Field.IPV6_DST);
    return FlowMod.builder()
        .match(new Match(key, mask))
        .actions(Collections.nCopies(64, OfAction.Output.to(1)))
        .build();
  }

  /** What it has missed may be more than is queued of events. */
  @Test
  void shouldTellAPeerThatListensAgainAllOfWhatItHasMissed() throws Exception {
    try (OfStream slow = greet()) {
      send(slow, monitor(FlowMonitor.Command.ADD));
      slow.receive();
      OfMessage event = new OfMessage.EchoRequest(Bytes.of(new byte[1000]));
      await(() -> {
        peer().offer(event);
        return peer().dropped() > 0;
      });
      for (int i = 0; i < FLOWS; i++) {
        ofproto.flowMod(flowTo(i), 0);
      }
      List<FlowMonitor.Update> told = new ArrayList<>();
      while (!told.contains(new FlowMonitor.Pause(true))) {
        if (decoded(slow) instanceof Multipart.FlowMonitorReply reply) {
          told.addAll(reply.updates());
        }
      }
      assertEquals(FLOWS + 2, told.size());
      assertEquals(new FlowMonitor.Pause(false), told.getFirst());
    }
  }

  private static OfMessage decoded(OfStream stream) throws IOException {
    return assertInstanceOf(Decoded.Ok.class, OfDecoder.decode(stream.receive().bytes(), false))
        .message();
  }

  @Test
  void shouldExpireRulesAndBundlesWhileAPeerDoesNotListen() throws Exception {
    try (OfStream deaf = greet()) {
      send(deaf, new OfMessage.BundleControl(4, OfMessage.BundleControl.Type.OPEN_REQUEST, 0));
      await(() -> !ofproto.sessions().all().isEmpty());
      Session session = ofproto.sessions().all().getFirst();
      await(() -> !session.bundles().isEmpty());
      OfMessage event = new OfMessage.EchoRequest(Bytes.of(new byte[1000]));
      await(() -> {
        session.outbox().offer(event);
        return peer().dropped() > 0;
      });

      assertTimeout(Duration.ofSeconds(5), () -> ofproto.expire(clock.nowNs() + 3600 * SECOND));
      assertEquals(Set.of(), session.bundles().keySet());
      assertServed();
    }
  }
}
