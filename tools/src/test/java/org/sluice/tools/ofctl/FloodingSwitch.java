package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.sluice.base.stream.Stream;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;

/**
 * The connection to a switch that takes a request only once all that it has said has been read; it
 * answers the first, a barrier, and hangs up. One thread reads, one writes.
 */
final class FloodingSwitch implements Stream {
  private static final byte[] END = {};

  private final OfVersion version;
  private final BlockingQueue<byte[]> said = new LinkedBlockingQueue<>();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch drained;
  private boolean greeted;

  /** Says hello and {@code messages} more before it listens. */
  FloodingSwitch(OfVersion version, int messages) {
    this.version = version;
    drained = new CountDownLatch(messages + 1);
    say(OfMessage.Hello.of(Set.of(version)), 1);
    for (int i = 0; i < messages; i++) {
      say(new OfMessage.EchoReply(Bytes.EMPTY), i);
    }
  }

  private void say(OfMessage message, int xid) {
    said.add(OfEncoder.encode(message, xid, Dialect.of(version)).getFirst());
  }

  /** Returns once somebody waits for it to take a request. */
  void awaitRequest() throws InterruptedException {
    asked.await();
  }

  private int read(byte[] into, int offset) throws IOException {
    try {
      byte[] message = said.take();
      drained.countDown();
      System.arraycopy(message, 0, into, offset, message.length);
      return message.length == 0 ? -1 : message.length;
    } catch (InterruptedException _) {
      throw new InterruptedIOException();
    }
  }

  private void take(byte[] request) throws IOException {
    if (!greeted) {
      greeted = true;
      return;
    }
    asked.countDown();
    try {
      drained.await();
    } catch (InterruptedException _) {
      throw new InterruptedIOException();
    }
    say(new OfMessage.BarrierReply(), SwitchSession.xid(request));
    said.add(END);
  }

  @Override
  public String name() {
    return "flooding";
  }

  @Override
  public InputStream input() {
    return new InputStream() {
      @Override
      public int read() {
        throw new AssertionError("messages are read in blocks");
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return FloodingSwitch.this.read(into, offset);
      }
    };
  }

  @Override
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int value) {
        throw new AssertionError("messages are written whole");
      }

      @Override
      public void write(byte[] bytes) throws IOException {
        take(bytes);
      }
    };
  }

  @Override
  public void close() {}
}
