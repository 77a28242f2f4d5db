package org.sluice.base.stream;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A peer to connect to. Immutable.
 *
 * <pre>
 *   unix:FILE         a Unix domain socket
 *   tcp:HOST[:PORT]   an IPv6 address stands in brackets
 *   ssl:HOST[:PORT]   the same with TLS
 * </pre>
 */
public sealed interface ActiveAddress {
  /** A Unix domain socket. */
  record Unix(Path path) implements ActiveAddress {
    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /** A TCP port of a host, by name or address. */
  record Tcp(HostPort target) implements ActiveAddress {
    @Override
    public String toString() {
      return "tcp:" + target;
    }
  }

  /** A TCP port of a host with TLS. */
  record Ssl(HostPort target) implements ActiveAddress {
    @Override
    public String toString() {
      return "ssl:" + target;
    }
  }

  /** Whether {@code text} has the form of a peer to connect to. */
  static boolean isActive(String text) {
    return text.startsWith("unix:") || text.startsWith("tcp:") || text.startsWith("ssl:");
  }

  /**
   * Reads the text form.
   *
   * @param directory where a relative Unix path starts
   * @param defaultPort the port where none is given
   * @throws IllegalArgumentException in one line, if it is not one
   */
  static ActiveAddress parse(String text, Path directory, int defaultPort) {
    String rest = text.substring(text.indexOf(':') + 1);
    if (text.startsWith("unix:") && !rest.isEmpty()) {
      return new Unix(directory.resolve(rest));
    }
    if (text.startsWith("tcp:")) {
      return new Tcp(HostPort.ofPeer(rest, defaultPort));
    }
    if (text.startsWith("ssl:")) {
      return new Ssl(HostPort.ofPeer(rest, defaultPort));
    }
    throw new IllegalArgumentException(
        text + ": unknown peer; use unix:FILE, tcp:HOST:PORT or ssl:HOST:PORT");
  }

  /**
   * Connects, and for TLS shakes hands; the name of a host is looked up anew each time.
   *
   * @param tls what TLS uses; null where no TLS is wanted
   */
  default Stream connect(Tls tls) throws IOException {
    return switch (this) {
      case Unix(Path path) -> {
        SocketChannel channel = connect(UnixDomainSocketAddress.of(path));
        yield new ChannelStream(toString(), channel);
      }
      case Tcp(HostPort target) -> new ChannelStream(toString(), connect(resolve(target)));
      case Ssl(HostPort target) -> {
        if (tls == null) {
          throw new IOException("TLS is not set up");
        }
        yield tls.client(toString(), connect(resolve(target)), target);
      }
    };
  }

  private static SocketAddress resolve(HostPort target) throws IOException {
    InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
    if (address.isUnresolved()) {
      throw new UnknownHostException("No address associated with hostname");
    }
    return address;
  }

  private static SocketChannel connect(SocketAddress address) throws IOException {
    boolean unix = address instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      channel.connect(address);
      if (!unix) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }
}
