package org.sluice.openflow.connection;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A place to connect to or listen at, as {@code Controller.target} and the tools write it: {@code
 * unix:FILE}, {@code tcp:HOST[:PORT]}, {@code punix:FILE}, {@code ptcp:[PORT][:HOST]}.
 *
 * @param passive listen, rather than connect
 */
public record OfTarget(boolean passive, SocketAddress address, String text) {
  /** The port that is meant where none is given. */
  public static final int DEFAULT_PORT = 6653;

  /**
   * Reads a target.
   *
   * @throws IllegalArgumentException in one line, if it is none
   */
  public static OfTarget parse(String text) {
    int colon = text.indexOf(':');
    String scheme = colon < 0 ? text : text.substring(0, colon);
    String rest = colon < 0 ? "" : text.substring(colon + 1);
    return switch (scheme) {
      case "unix" -> new OfTarget(false, unix(text, rest), text);
      case "punix" -> new OfTarget(true, unix(text, rest), text);
      case "tcp" -> new OfTarget(false, host(text, rest), text);
      case "ptcp" -> new OfTarget(true, listener(text, rest), text);
      case "ssl", "pssl" ->
          throw new IllegalArgumentException(text + ": TLS is not supported yet; use tcp or unix");
      default ->
          throw new IllegalArgumentException(
              text + ": is not unix:FILE, tcp:HOST[:PORT], punix:FILE or ptcp:[PORT][:HOST]");
    };
  }

  private static SocketAddress unix(String text, String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException(text + ": the socket's path is missing");
    }
    return UnixDomainSocketAddress.of(path);
  }

  private static SocketAddress host(String text, String rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(text + ": the host is missing");
    }
    int bracket = rest.lastIndexOf(']');
    int colon = rest.indexOf(':', Math.max(bracket, 0));
    String host = colon < 0 ? rest : rest.substring(0, colon);
    int port = colon < 0 ? DEFAULT_PORT : port(text, rest.substring(colon + 1));
    return new InetSocketAddress(unbracketed(host), port);
  }

  private static SocketAddress listener(String text, String rest) {
    int colon = rest.indexOf(':');
    String number = colon < 0 ? rest : rest.substring(0, colon);
    int port = number.isEmpty() ? DEFAULT_PORT : port(text, number);
    return colon < 0
        ? new InetSocketAddress((InetAddress) null, port)
        : new InetSocketAddress(unbracketed(rest.substring(colon + 1)), port);
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }

  private static int port(String text, String number) {
    try {
      int port = Integer.parseInt(number);
      if (port >= 0 && port <= 0xffff) {
        return port;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(text + ": " + number + " is no port", e);
    }
    throw new IllegalArgumentException(text + ": " + number + " is no port");
  }

  /** Connects, waiting as long as the system does. */
  public SocketChannel connect() throws IOException {
    assert !passive : text;
    SocketChannel channel = SocketChannel.open(family());
    try {
      channel.connect(address);
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e instanceof IOException io ? io : new IOException(text + ": " + e.getMessage(), e);
    }
  }

  /** Listens; a socket file that nobody listens at any more is replaced. */
  public ServerSocketChannel listen() throws IOException {
    assert passive : text;
    if (address instanceof UnixDomainSocketAddress unix) {
      Files.deleteIfExists(unix.getPath());
    }
    ServerSocketChannel channel = ServerSocketChannel.open(family());
    try {
      channel.bind(address);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw new IOException(text + ": listen failed (" + e.getMessage() + ")", e);
    }
  }

  /** Removes the socket's file, where it has one. */
  public void removeFile() throws IOException {
    if (passive && address instanceof UnixDomainSocketAddress unix) {
      Files.deleteIfExists(unix.getPath());
    }
  }

  /** The socket's file; null for TCP. */
  public Path file() {
    return address instanceof UnixDomainSocketAddress unix ? unix.getPath() : null;
  }

  private StandardProtocolFamily family() {
    if (address instanceof UnixDomainSocketAddress) {
      return StandardProtocolFamily.UNIX;
    }
    InetAddress host = ((InetSocketAddress) address).getAddress();
    return host instanceof Inet6Address
        ? StandardProtocolFamily.INET6
        : StandardProtocolFamily.INET;
  }
}
