package org.sluice.bench.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that each open a connection, ask for a page, read it and begin again. */
final class HttpClients {
  private static final int CLIENTS = 16;
  private static final byte[] REQUEST =
      "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  private final List<InetSocketAddress> servers;
  private final ThreadFactory threads;
  private final AtomicLong pages = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private volatile boolean stop;

  /** Clients of {@code servers} on threads that {@code threads} makes in their host. */
  HttpClients(List<InetSocketAddress> servers, ThreadFactory threads) {
    this.servers = servers;
    this.threads = threads;
  }

  /** How many pages they got per second. */
  double perSecond(int seconds) throws IOException, InterruptedException {
    List<Thread> clients = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int first = i;
      clients.add(threads.newThread(() -> visit(first)));
    }
    clients.forEach(Thread::start);
    long startNs = System.nanoTime();
    Thread.sleep(seconds * 1000L);
    double rate = pages.get() / ((System.nanoTime() - startNs) / 1e9);
    stop = true;
    for (Thread client : clients) {
      client.join();
    }
    if (pages.get() == 0) {
      throw new IOException("no page was served, " + failures.get() + " connections failed");
    }
    return rate;
  }

  private void visit(int first) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(1024);
    for (int i = first; !stop; i++) {
      try {
        visit(servers.get(i % servers.size()), buffer);
        pages.incrementAndGet();
      } catch (IOException e) {
        failures.incrementAndGet();
      }
    }
  }

  private static void visit(InetSocketAddress server, ByteBuffer buffer) throws IOException {
    try (SocketChannel channel = SocketChannel.open()) {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.connect(server);
      channel.write(buffer.clear().put(REQUEST).flip());
      buffer.clear();
      int bytes = 0;
      for (int count = 0; count >= 0 && buffer.hasRemaining(); count = channel.read(buffer)) {
        bytes += count;
      }
      if (bytes == 0) {
        throw new IOException("an empty answer");
      }
    }
  }
}
