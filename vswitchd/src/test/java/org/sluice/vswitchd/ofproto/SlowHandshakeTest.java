package org.sluice.vswitchd.ofproto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.ManualClock;
import org.sluice.base.stream.Stream;
import org.sluice.openflow.connection.OfFrame;
import org.sluice.vswitchd.classifier.TableVersions;

/** Shaking hands has its own limit: the time for hello begins when that is done. */
@Timeout(30)
class SlowHandshakeTest {
  private static final long SECOND = 1_000_000_000L;

  @TempDir Path directory;

  private final ManualClock clock = new ManualClock(SECOND, 0);
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final Ofproto ofproto =
      new Ofproto(
          "br0", new ReentrantLock(), new ChangeSequence(), new TableVersions(), new FakeBackend());

  /** A peer that shakes hands when told to, and says nothing at all. */
  private static final class Slow implements Stream {
    private final CountDownLatch handsToShake = new CountDownLatch(1);
    private final PipedInputStream hello = new PipedInputStream();
    private final PipedOutputStream heard = new PipedOutputStream(hello);
    private final PipedOutputStream unsaid = new PipedOutputStream();
    private final PipedInputStream silence = new PipedInputStream(unsaid);

    Slow() throws IOException {}

    @Override
    public String name() {
      return "ssl:192.0.2.1:6653";
    }

    @Override
    public void handshake() throws IOException {
      try {
        handsToShake.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }

    @Override
    public InputStream input() {
      return silence;
    }

    @Override
    public OutputStream output() {
      return heard;
    }

    @Override
    public void close() throws IOException {
      unsaid.close();
      heard.close();
    }
  }

  private boolean isHungUpOn() {
    return log.toString(UTF_8).contains("rconn|WARN|br0: a peer did not say hello, disconnecting");
  }

  @Test
  void shouldWaitForHelloFromWhenHandsAreShaken() throws Exception {
    Slow slow = new Slow();
    OpenFlowPeer peer =
        new OpenFlowPeer(
            ofproto,
            Session.Kind.SERVICE,
            PacketInLimit.NONE,
            slow,
            slow.name(),
            TestConnections.surroundings(directory, clock, log));
    FutureTask<Void> talk =
        new FutureTask<>(() -> {
          peer.run();
          return null;
        });
    Thread.ofVirtual().start(talk);

    clock.advanceNs(15 * SECOND);
    peer.probe(0, clock.nowNs());
    assertFalse(isHungUpOn(), "hands are still being shaken");

    slow.handsToShake.countDown();
    assertTrue(slow.hello.readNBytes(OfFrame.HEADER_BYTES).length > 0);
    clock.advanceNs(10 * SECOND - 1);
    peer.probe(0, clock.nowNs());
    assertFalse(isHungUpOn(), "it has ten seconds");

    clock.advanceNs(1);
    peer.probe(0, clock.nowNs());
    assertTrue(isHungUpOn());
    assertThrows(Exception.class, talk::get, "the connection has ended");
  }
}
