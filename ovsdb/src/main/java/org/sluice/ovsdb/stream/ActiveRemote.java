package org.sluice.ovsdb.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.sluice.base.jsonrpc.JsonRpcConnection;
import org.sluice.base.jsonrpc.JsonRpcLimits;

/**
 * A peer to connect to. Immutable.
 *
 * <pre>
 *   unix:FILE         a Unix domain socket
 *   tcp:HOST[:PORT]   an IPv6 address stands in brackets; the port is 6640 if left out
 * </pre>
 */
public sealed interface ActiveRemote {
  /** A Unix domain socket. */
  record Unix(Path path) implements ActiveRemote {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** A TCP port of a host, by name or address. */
  record Tcp(HostPort target) implements ActiveRemote {
    @Override
    public String toString() {
      return "tcp:" + target;
    }
  }

  /** Whether {@code text} has the form of a peer to connect to. */
  static boolean isActive(String text) {
    return text.startsWith("unix:") || text.startsWith("tcp:");
  }

  /**
   * Reads the text form.
   *
   * @param directory where a relative Unix path starts
   * @throws IllegalArgumentException if it is not one
   */
  static ActiveRemote parse(String text, Path directory) {
    if (text.startsWith("unix:") && text.length() > "unix:".length()) {
      return new Unix(directory.resolve(text.substring("unix:".length())));
    }
    if (text.startsWith("tcp:")) {
      return new Tcp(HostPort.parse(text.substring("tcp:".length())));
    }
    throw new IllegalArgumentException(text + ": unknown remote; use unix:FILE or tcp:HOST:PORT");
  }

  /** Connects; the name of a host is looked up anew each time. */
  default JsonRpcConnection connect(JsonRpcLimits limits) throws IOException {
    return JsonRpcConnection.connect(address(), limits);
  }

  private SocketAddress address() {
    return switch (this) {
      case Unix(Path path) -> UnixDomainSocketAddress.of(path);
      case Tcp(HostPort target) -> new InetSocketAddress(target.host(), target.port());
    };
  }
}
