package org.sluice.bench.network;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;

/**
 * A web server that has one short page and hangs up after each. It listens on several ports, so
 * that no client comes by the same pair of ports twice while the first may still be remembered.
 */
final class HttpServer implements Closeable {
  private static final int PORTS = 8;
  private static final int BACKLOG = 512;
  private static final byte[] PAGE =
      "HTTP/1.0 200 OK\r\nContent-Length: 6\r\n\r\nhello\n".getBytes(StandardCharsets.US_ASCII);

  private final List<ServerSocketChannel> listeners = new ArrayList<>();

  /** Listens at {@code address}; must be called, and {@code threads} make threads, in its host. */
  HttpServer(InetAddress address, ThreadFactory threads) throws IOException {
    for (int i = 0; i < PORTS; i++) {
      ServerSocketChannel listener = ServerSocketChannel.open();
      listeners.add(listener);
      listener.bind(new InetSocketAddress(address, 0), BACKLOG);
      threads.newThread(() -> serve(listener)).start();
    }
  }

  /** Where it listens. */
  List<InetSocketAddress> addresses() throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (ServerSocketChannel listener : listeners) {
      addresses.add((InetSocketAddress) listener.getLocalAddress());
    }
    return addresses;
  }

  private static void serve(ServerSocketChannel listener) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
    while (listener.isOpen()) {
      serveOne(listener, buffer);
    }
  }

  /** A client that hangs up, or a listener that is closed, is no failure of the server's. */
  private static void serveOne(ServerSocketChannel listener, ByteBuffer buffer) {
    try (SocketChannel client = listener.accept()) {
      buffer.clear();
      client.read(buffer);
      client.write(buffer.clear().put(PAGE).flip());
    } catch (IOException e) {
      buffer.clear();
    }
  }

  @Override
  public void close() throws IOException {
    for (ServerSocketChannel listener : listeners) {
      listener.close();
    }
  }
}
