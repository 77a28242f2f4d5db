package org.sluice.ovsdb.server;

import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.sluice.base.log.Vlog;
import org.sluice.base.stream.Stream;
import org.sluice.base.stream.StreamAddress;
import org.sluice.base.stream.StreamListener;

/**
 * One place where clients come from: a socket that listens, or a peer that the server itself
 * connects to again and again. Its thread accepts or connects, and hands every connection out;
 * closing it ends them all.
 */
final class Remote implements Closeable {
  private static final long FIRST_BACKOFF_MS = 1_000;

  /** Makes a client of a connection that is there, and serves it until it ends. */
  interface Acceptor {
    void serve(Remote remote, Stream stream, Consumer<Closeable> born);
  }

  private final String name;
  private volatile RemoteOptions options;
  private final Acceptor acceptor;
  private final Vlog log;
  private final Set<Closeable> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private StreamListener listening;
  private volatile String lastError;
  private volatile boolean connecting;

  // The writer thread's own.
  private Long connectedMs;
  private Long disconnectedMs;

  private Remote(String name, RemoteOptions options, Acceptor acceptor, Vlog log) {
    this.name = name;
    this.options = options;
    this.acceptor = acceptor;
    this.log = log;
  }

  /** What all remotes of a server share. */
  record Surroundings(ServerConfig config, Acceptor acceptor, Vlog log) {}

  /** Listens at, or begins to connect to, what {@code text} says. */
  static Remote start(String text, RemoteOptions options, Surroundings around) throws IOException {
    ServerConfig config = around.config();
    Remote remote = new Remote(text, options, around.acceptor(), around.log());
    StreamAddress address =
        StreamAddress.parse(text, config.runDirectory(), ServerConfig.DEFAULT_PORT);
    if (!address.isPassive()) {
      Thread.ofVirtual().name(text).start(() -> remote.connect(address, config));
    } else {
      remote.listening = address.listen(config.tls());
      remote.listening.threads().name(text).start(remote::accept);
      if (remote.port() > 0) {
        around.log().info("%s: listening on port %d", text, remote.port());
      }
    }
    return remote;
  }

  String name() {
    return name;
  }

  RemoteOptions options() {
    return options;
  }

  /** Has other options from now on, for the connections that there are as well. */
  void options(RemoteOptions newOptions) {
    options = newOptions;
  }

  /** A connection has been made. */
  void connected(Now now) {
    connectedMs = now.monotonicMs();
  }

  /** A connection has ended. */
  void disconnected(Now now) {
    disconnectedMs = now.monotonicMs();
  }

  /** When a connection was made last; null if none was. */
  Long connectedMs() {
    return connectedMs;
  }

  /** When a connection ended last; null if none did. */
  Long disconnectedMs() {
    return disconnectedMs;
  }

  boolean isPassive() {
    return listening != null;
  }

  /** Whether silence of a peer may mean that it is gone; on this machine, the kernel tells. */
  boolean needsProbes() {
    return !name.startsWith("unix:") && !name.startsWith("punix:") && !name.startsWith("pfd:");
  }

  /** Why the last attempt to connect failed, or the last connection ended; null if unknown. */
  String lastError() {
    return lastError;
  }

  /** Whether an attempt to connect is under way. */
  boolean isConnecting() {
    return connecting;
  }

  /** The TCP port listened at, or -1. */
  int port() {
    return listening == null ? -1 : listening.port();
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private void accept() {
    while (!isClosed()) {
      try {
        Stream stream = listening.accept();
        stream.threads().name(stream.name()).start(() -> serve(stream));
      } catch (IOException e) {
        if (!isClosed()) {
          log.warn("%s: accept failed: %s", name, e.getMessage());
          sleep(FIRST_BACKOFF_MS);
        }
      }
    }
  }

  private void serve(Stream stream) {
    options.mark(stream, log);
    Closeable[] mine = new Closeable[1];
    acceptor.serve(
        this,
        stream,
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

  private void connect(StreamAddress target, ServerConfig config) {
    long backoffMs = Math.min(FIRST_BACKOFF_MS, options.maxBackoff());
    while (!isClosed()) {
      try {
        log.info("%s: connecting...", name);
        connecting = true;
        Stream stream = target.connect(config.tls());
        connecting = false;
        log.info("%s: connected", name);
        lastError = null;
        backoffMs = Math.min(FIRST_BACKOFF_MS, options.maxBackoff());
        serve(stream);
        lastError = "End of file";
        log.info("%s: connection closed by peer", name);
      } catch (IOException e) {
        connecting = false;
        lastError = e.getMessage();
        log.info("%s: connection attempt failed (%s)", name, e.getMessage());
      }
      sleep(backoffMs);
      backoffMs = Math.min(2 * backoffMs, options.maxBackoff());
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

  /** Ends all connections, to let them come anew. */
  void reconnect() {
    connections.forEach(this::close);
  }

  /** Takes no new connections; those that are there go on until {@link #close}. */
  void retire() throws IOException {
    closed.countDown();
    if (listening != null) {
      listening.close();
    }
  }

  @Override
  public void close() throws IOException {
    retire();
    reconnect();
  }
}
