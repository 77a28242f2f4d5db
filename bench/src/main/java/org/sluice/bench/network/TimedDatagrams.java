package org.sluice.bench.network;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.Arrays;
import java.util.concurrent.ThreadFactory;
import org.sluice.bench.peer.Pause;

/**
 * Datagrams of 18 bytes that say when they were sent, and a thread that notes how long each took.
 * Neither allocates, so that no collection of ours is taken for the switch's delay. Used by one
 * thread.
 *
 * <pre>
 *   when it was sent, System.nanoTime 0..7   nothing 8..17
 * </pre>
 */
final class TimedDatagrams implements Closeable {
  private static final int BYTES = 18;

  /** What has not arrived this long after the last one was sent is lost. */
  private static final int PATIENCE_MS = 300;

  private final DatagramChannel sender;
  private final DatagramChannel receiver;
  private final ByteBuffer outgoing = ByteBuffer.allocateDirect(BYTES);
  private final long[] delaysNs;
  private final Thread noting;

  /** Written by {@link #noting} alone, read when that has ended. */
  private int arrived;

  private long sent;

  /**
   * From {@code sender} to {@code receiver}, which become connected with each other.
   *
   * @param threads makes the thread that receives
   * @param most how many can be noted
   */
  TimedDatagrams(DatagramChannel sender, DatagramChannel receiver, ThreadFactory threads, int most)
      throws IOException {
    this.sender = sender;
    this.receiver = receiver;
    sender.connect(receiver.getLocalAddress());
    receiver.connect(sender.getLocalAddress());
    delaysNs = new long[most];
    noting = threads.newThread(this::note);
    noting.start();
  }

  /** A socket at {@code address}; must be called in its host. */
  static DatagramChannel open(String address) throws IOException {
    DatagramChannel channel = DatagramChannel.open();
    try {
      return channel.bind(new InetSocketAddress(address, 0));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private void note() {
    ByteBuffer incoming = ByteBuffer.allocateDirect(BYTES);
    try {
      while (arrived < delaysNs.length) {
        incoming.clear();
        receiver.read(incoming);
        delaysNs[arrived++] = System.nanoTime() - incoming.getLong(0);
      }
    } catch (ClosedChannelException _) {
      // The end, as close and delaysNs have it.
    } catch (IOException e) {
      throw new IllegalStateException("reading datagrams", e);
    }
  }

  void send() throws IOException {
    outgoing.clear().putLong(0, System.nanoTime());
    sender.write(outgoing);
    sent++;
  }

  long sent() {
    return sent;
  }

  /** Ends; how long those took that arrived, in their order. */
  long[] delaysNs() throws IOException {
    Pause.ms(PATIENCE_MS);
    receiver.close();
    try {
      noting.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return Arrays.copyOf(delaysNs, arrived);
  }

  @Override
  public void close() throws IOException {
    sender.close();
    receiver.close();
  }
}
