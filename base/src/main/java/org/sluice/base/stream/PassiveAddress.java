package org.sluice.base.stream;

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
 *   punix:FILE          a Unix domain socket; an old file of that name makes way
 *   ptcp:[PORT][:HOST]  any port if 0; all addresses unless one is given
 *   pssl:[PORT][:HOST]  the same with TLS
 *   pfd:FD              a socket that listens already, inherited by this process
 * </pre>
 */
public sealed interface PassiveAddress {
  /** A Unix domain socket. */
  record Unix(Path path) implements PassiveAddress {
    @Override
    public String toString() {
      return "punix:" + path;
    }
  }

  /** A TCP port; a null host stands for all addresses. */
  record Tcp(HostPort place) implements PassiveAddress {
    @Override
    public String toString() {
      return "ptcp:" + place.listenerText();
    }
  }

  /** A TCP port with TLS. */
  record Ssl(HostPort place) implements PassiveAddress {
    @Override
    public String toString() {
      return "pssl:" + place.listenerText();
    }
  }

  /** An inherited socket. */
  record Descriptor(int fd) implements PassiveAddress {
    @Override
    public String toString() {
      return "pfd:" + fd;
    }
  }

  /** Whether {@code text} has the form of a place to listen at. */
  static boolean isPassive(String text) {
    return text.startsWith("punix:")
        || text.startsWith("ptcp:")
        || text.startsWith("pssl:")
        || text.startsWith("pfd:");
  }

  /**
   * Reads the text form.
   *
   * @param directory where a relative Unix path starts
   * @param defaultPort the port where none is given
   * @throws IllegalArgumentException in one line, if it is not one
   */
  static PassiveAddress parse(String text, Path directory, int defaultPort) {
    String rest = text.substring(text.indexOf(':') + 1);
    if (text.startsWith("punix:") && !rest.isEmpty()) {
      return new Unix(directory.resolve(rest));
    }
    if (text.startsWith("ptcp:")) {
      return new Tcp(HostPort.ofListener(rest, defaultPort));
    }
    if (text.startsWith("pssl:")) {
      return new Ssl(HostPort.ofListener(rest, defaultPort));
    }
    if (text.startsWith("pfd:")) {
      return descriptor(text, rest);
    }
    throw new IllegalArgumentException(
        text
            + ": unknown place to listen at; use punix:FILE, ptcp:PORT[:HOST] or pssl:PORT[:HOST]");
  }

  private static Descriptor descriptor(String text, String rest) {
    if (!rest.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(text + ": bad file descriptor");
    }
    return new Descriptor(Integer.parseInt(rest));
  }

  /**
   * Binds and listens.
   *
   * @param tls what TLS uses; null where no TLS is wanted
   */
  default StreamListener listen(Tls tls) throws IOException {
    return switch (this) {
      case Unix(Path path) -> new SocketListener(this, listenUnix(path), null);
      case Tcp(HostPort place) -> new SocketListener(this, listenTcp(place), null);
      case Ssl(HostPort place) -> {
        if (tls == null) {
          throw new IOException("TLS is not set up");
        }
        yield new SocketListener(this, listenTcp(place), tls);
      }
      case Descriptor(int fd) -> DescriptorListener.over(fd);
    };
  }

  private static ServerSocketChannel listenUnix(Path path) throws IOException {
    Files.deleteIfExists(path);
    ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      return channel.bind(UnixDomainSocketAddress.of(path), 64);
    } catch (IOException e) {
      channel.close();
      throw new IOException(path + ": binding failed: " + e.getMessage(), e);
    }
  }

  private static ServerSocketChannel listenTcp(HostPort place) throws IOException {
    ServerSocketChannel channel = ServerSocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      InetSocketAddress local =
          place.host() == null
              ? new InetSocketAddress(place.port())
              : new InetSocketAddress(InetAddress.getByName(place.host()), place.port());
      return channel.bind(local, 64);
    } catch (IOException e) {
      channel.close();
      throw new IOException(place.listenerText() + ": bind: " + e.getMessage(), e);
    }
  }
}
