package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.stream.ActiveRemote;
import org.sluice.ovsdb.stream.PassiveRemote;

/**
 * One place where clients come from: a socket that listens, or a peer that the server itself
 * connects to again and again. Its virtual thread accepts or connects, and hands every connection
 * out; closing it ends them all.
 */
final class Remote implements Closeable {
  private static final long FIRST_BACKOFF_MS = 1_000;
  private static final long LAST_BACKOFF_MS = 8_000;

  /** Makes a client of a connection that is there, and serves it until it ends. */
  interface Acceptor {
    void serve(String name, JsonRpcConnection connection, Consumer<Closeable> born);
  }

  private final String name;
  private final ServerConfig config;
  private final Acceptor acceptor;
  private final Vlog log;
  private final Set<Closeable> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private ServerSocketChannel listening;
  private int nextNumber;

  private Remote(String name, ServerConfig config, Acceptor acceptor, Vlog log) {
    this.name = name;
    this.config = config;
    this.acceptor = acceptor;
    this.log = log;
  }

  /** Listens at, or begins to connect to, what {@code text} says. */
  static Remote start(String text, ServerConfig config, Acceptor acceptor, Vlog log)
      throws IOException {
    Remote remote = new Remote(text, config, acceptor, log);
    if (ActiveRemote.isActive(text)) {
      ActiveRemote target = ActiveRemote.parse(text, config.runDirectory());
      Thread.ofVirtual().name(text).start(() -> remote.connect(target));
    } else {
      PassiveRemote place = PassiveRemote.parse(text, config.runDirectory());
      remote.listening = place.listen();
      Thread.ofVirtual().name(text).start(remote::accept);
      if (place instanceof PassiveRemote.Tcp) {
        log.info("%s: listening on port %d", text, remote.port());
      }
    }
    return remote;
  }

  String name() {
    return name;
  }

  /** The TCP port listened at, or -1. */
  int port() {
    try {
      return listening != null && listening.getLocalAddress() instanceof InetSocketAddress address
          ? address.getPort()
          : -1;
    } catch (IOException _) {
      return -1;
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void accept() {
    while (!isClosed()) {
      try {
        SocketChannel channel = listening.accept();
        String peer = name + "#" + nextNumber++;
        JsonRpcConnection connection = JsonRpcConnection.over(channel, config.limits());
        Thread.ofVirtual().name(peer).start(() -> serve(peer, connection));
      } catch (IOException e) {
        if (!isClosed()) {
          log.warn("%s: accept failed (%s)", name, e.getMessage());
          sleep(FIRST_BACKOFF_MS);
        }
      }
    }
  }

  private void serve(String peer, JsonRpcConnection connection) {
    Closeable[] mine = new Closeable[1];
    acceptor.serve(
        peer,
        connection,
        born -> {
          mine[0] = born;
          connections.add(born);
          if (isClosed()) {
            close(born);
          }
        });
    if (mine[0] != null) {
      connections.remove(mine[0]);
    }
  }

  private void connect(ActiveRemote target) {
    long backoffMs = FIRST_BACKOFF_MS;
    while (!isClosed()) {
      try {
        JsonRpcConnection connection = target.connect(config.limits());
        log.info("%s: connected", name);
        backoffMs = FIRST_BACKOFF_MS;
        serve(name, connection);
      } catch (IOException e) {
        log.info("%s: connection attempt failed (%s)", name, e.getMessage());
      }
      sleep(backoffMs);
      backoffMs = Math.min(2 * backoffMs, LAST_BACKOFF_MS);
    }
  }

  private void sleep(long ms) {
    try {
      if (closed.await(ms, TimeUnit.MILLISECONDS)) {
        log.dbg("%s: closed", name);
      }
    } catch (InterruptedException _) {
      closed.countDown();
    }
  }

  private void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      log.dbg("%s: close failed (%s)", name, e.getMessage());
    }
  }

  @Override
  public void close() throws IOException {
    closed.countDown();
    if (listening != null) {
      listening.close();
      if (PassiveRemote.parse(name, config.runDirectory()) instanceof PassiveRemote.Unix unix) {
        Files.deleteIfExists(unix.path());
      }
    }
    connections.forEach(this::close);
  }
}
