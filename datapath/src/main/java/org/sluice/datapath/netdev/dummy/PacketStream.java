package org.sluice.datapath.netdev.dummy;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.sluice.datapath.packet.Packet;

/**
 * A wire between dummy devices, also of different processes: a Unix stream over which frames go,
 * each behind its length in two bytes. {@code punix:FILE} listens and takes any number of others,
 * {@code unix:FILE} connects, again and again.
 *
 * <p>Any thread may send, which never waits: what a peer does not take is lost. Virtual threads
 * read and write.
 */
public final class PacketStream implements AutoCloseable {
  private static final int MAX_QUEUED = 1024;
  private static final int MAX_PEERS = 64;
  private static final long RETRY_MS = 100;

  private final String target;
  private final Path file;
  private final boolean passive;
  private final Consumer<byte[]> receiver;
  private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
  private volatile ServerSocketChannel listener;
  private volatile boolean closed;

  private PacketStream(String target, Consumer<byte[]> receiver) {
    this.target = target;
    this.passive = target.startsWith("punix:");
    this.file = Path.of(target.substring(target.indexOf(':') + 1));
    this.receiver = receiver;
  }

  /**
   * Starts a stream; {@code receiver} gets each frame that comes.
   *
   * @throws IOException if it cannot listen at its file
   * @throws IllegalArgumentException if {@code target} is no Unix socket's
   */
  public static PacketStream start(String target, Consumer<byte[]> receiver) throws IOException {
    if (!target.startsWith("unix:") && !target.startsWith("punix:")) {
      throw new IllegalArgumentException(target + ": only unix and punix carry frames");
    }
    PacketStream stream = new PacketStream(target, receiver);
    if (stream.passive) {
      Files.deleteIfExists(stream.file);
      stream.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
      stream.listener.bind(UnixDomainSocketAddress.of(stream.file));
    }
    Thread.ofVirtual().name("packet-stream").start(stream.passive ? stream::accept : stream::dial);
    return stream;
  }

  /** What it was started with. */
  public String target() {
    return target;
  }

  /** Whether a peer is there. */
  public boolean isConnected() {
    return !peers.isEmpty();
  }

  /** Sends a frame to every peer. */
  public void send(byte[] frame) {
    peers.forEach(peer -> peer.queue.offer(frame));
  }

  private void accept() {
    while (!closed) {
      try {
        SocketChannel channel = listener.accept();
        if (peers.size() < MAX_PEERS) {
          Thread.ofVirtual().name("packet-stream").start(() -> serve(channel));
        } else {
          channel.close();
        }
      } catch (IOException e) {
        pause();
      }
    }
  }

  private void dial() {
    while (!closed) {
      try {
        SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(file));
        serve(channel);
      } catch (IOException e) {
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(SocketChannel channel) {
    Peer peer = new Peer(channel);
    peers.add(peer);
    Thread writer = Thread.ofVirtual().name("packet-stream-writer").start(peer::write);
    try (channel) {
      peer.read();
    } catch (IOException e) {
      // The other side has gone; a device is told by its link, not by an error.
      return;
    } finally {
      peers.remove(peer);
      writer.interrupt();
    }
  }

  /** One connection. */
  private final class Peer {
    private final SocketChannel channel;
    private final BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(MAX_QUEUED);

    Peer(SocketChannel channel) {
      this.channel = channel;
    }

    void read() throws IOException {
      DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
      while (!closed) {
        byte[] frame = new byte[in.readUnsignedShort()];
        in.readFully(frame);
        if (frame.length > 0 && frame.length <= Packet.MAX_FRAME_BYTES) {
          receiver.accept(frame);
        }
      }
    }

    void write() {
      try {
        while (!closed) {
          byte[] frame = queue.take();
          ByteBuffer bytes = ByteBuffer.allocate(2 + frame.length);
          bytes.putShort((short) frame.length).put(frame).flip();
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
      } catch (IOException e) {
        // The reader meets the same end and tidies up.
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (listener != null) {
      listener.close();
      Files.deleteIfExists(file);
    }
    for (Peer peer : peers) {
      peer.channel.close();
    }
  }
}
