package org.sluice.ovsdb.stream;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A place to listen at. Immutable.
 *
 * <pre>
 *   punix:FILE         a Unix domain socket; an old file of that name makes way
 *   ptcp:[PORT][:IP]   port 6640 if left out, any if 0; all addresses unless one is given
 * </pre>
 */
public sealed interface PassiveRemote {
  /** A Unix domain socket. */
  record Unix(Path path) implements PassiveRemote {
    @Override
    public String toString() {
      return "punix:" + path;
    }
  }

  /** A TCP port; a null address stands for all. */
  record Tcp(int port, String address) implements PassiveRemote {
    @Override
    public String toString() {
      return "ptcp:" + port + (address == null ? "" : ":" + address);
    }
  }

  /** Whether {@code text} has the form of a place to listen at. */
  static boolean isPassive(String text) {
    return text.startsWith("punix:") || text.startsWith("ptcp:");
  }

  /**
   * Reads the text form.
   *
   * @param directory where a relative Unix path starts
   * @throws IllegalArgumentException if it is not one
   */
  static PassiveRemote parse(String text, Path directory) {
    if (text.startsWith("punix:") && text.length() > "punix:".length()) {
      return new Unix(directory.resolve(text.substring("punix:".length())));
    }
    if (text.startsWith("ptcp:")) {
      return tcp(text.substring("ptcp:".length()));
    }
    throw new IllegalArgumentException(
        text + ": unknown passive remote; use punix:FILE or ptcp:PORT[:IP]");
  }

  private static Tcp tcp(String text) {
    int colon = text.indexOf(':');
    String port = colon < 0 ? text : text.substring(0, colon);
    String address = colon < 0 ? null : text.substring(colon + 1);
    if (address != null && address.startsWith("[") && address.endsWith("]")) {
      address = address.substring(1, address.length() - 1);
    }
    return new Tcp(port.isEmpty() ? HostPort.DEFAULT_PORT : HostPort.port(port), address);
  }

  /** Binds and listens. */
  default ServerSocketChannel listen() throws IOException {
    return switch (this) {
      case Unix(Path path) -> listenUnix(path);
      case Tcp(int port, String address) -> listenTcp(port, address);
    };
  }

  private static ServerSocketChannel listenUnix(Path path) throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return channel.bind(UnixDomainSocketAddress.of(path), 64);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static ServerSocketChannel listenTcp(int port, String address) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      InetSocketAddress local =
          address == null
              ? new InetSocketAddress(port)
              : new InetSocketAddress(InetAddress.getByName(address), port);
      return channel.bind(local, 64);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
