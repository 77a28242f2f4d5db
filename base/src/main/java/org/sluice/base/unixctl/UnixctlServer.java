package org.sluice.base.unixctl;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRateLimit;

/**
 * Serves a program's commands on a control socket, by convention {@code RUNDIR/PROGRAM.PID.ctl}.
 *
 * <p>Each client has a virtual thread of its own. Thread-safe.
 */
public final class UnixctlServer implements AutoCloseable {
  /** Where descriptors are short, asking again at once would not help. */
  private static final long ACCEPT_PAUSE_NS = 1_000_000_000;

  private final Path path;
  private final ServerSocketChannel listener;
  private final UnixctlCommands commands;
  private final Vlog log;
  private final VlogRateLimit limit = new VlogRateLimit(5, 5);
  private final Set<UnixctlConnection> connections = ConcurrentHashMap.newKeySet();

  private UnixctlServer(
      Path path, ServerSocketChannel listener, UnixctlCommands commands, Vlog log) {
    this.path = path;
    this.listener = listener;
    this.commands = commands;
    this.log = log;
  }

  /** Listens on {@code path}, and serves at once. */
  public static UnixctlServer start(Path path, UnixctlCommands commands, Vlog log)
      throws IOException {
    UnixctlServer server = listen(path, commands, log);
    server.serve();
    return server;
  }

  /**
   * Listens on {@code path}, which is replaced if something of that name is there. Who comes waits
   * until {@link #serve}.
   */
  public static UnixctlServer listen(Path path, UnixctlCommands commands, Vlog log)
      throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      Files.deleteIfExists(path);
      listener.bind(UnixDomainSocketAddress.of(path));
    } catch (IOException e) {
      listener.close();
      throw new IOException(path + ": could not initialize control socket (" + reason(e) + ")", e);
    }
    return new UnixctlServer(path, listener, commands, log);
  }

  /** Begins to answer; to be called once. */
  public void serve() {
    Thread.ofVirtual().name("unixctl").start(this::accept);
  }

  private static String reason(IOException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /** The conventional place of a program's control socket. */
  public static Path defaultPath(Path runDirectory, String program) {
    return runDirectory.resolve(program + "." + ProcessHandle.current().pid() + ".ctl");
  }

  /** Where the socket is. */
  public Path path() {
    return path;
  }

  private void accept() {
    while (listener.isOpen()) {
      try {
        SocketChannel channel = listener.accept();
        Thread.ofVirtual().name("unixctl-client").start(() -> serve(channel));
      } catch (ClosedChannelException e) {
        return;
      } catch (IOException e) {
        log.log(limit, LogLevel.WARN, "%s: accept failed: %s", path, e.getMessage());
        LockSupport.parkNanos(ACCEPT_PAUSE_NS);
      }
    }
  }

  private void serve(SocketChannel channel) {
    JsonRpcConnection rpc = JsonRpcConnection.over(channel, JsonRpcLimits.COMMAND);
    UnixctlConnection connection = new UnixctlConnection(rpc, commands, log, limit);
    connections.add(connection);
    try {
      connection.serve();
    } finally {
      connections.remove(connection);
    }
  }

  /** Stops listening, removes the socket and drops the clients once they have their replies. */
  @Override
  public void close() {
    try {
      listener.close();
      Files.deleteIfExists(path);
    } catch (IOException e) {
      log.warn("%s: close: %s", path, e.getMessage());
    }
    connections.forEach(UnixctlConnection::close);
  }
}
