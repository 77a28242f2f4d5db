package org.sluice.base.stream;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A peer to connect to, or a place to listen at. Immutable.
 *
 * <pre>
 *   unix:FILE           a Unix domain socket
 *   tcp:HOST[:PORT]     an IPv6 address stands in brackets
 *   ssl:HOST[:PORT]     the same with TLS
 *   punix:FILE          listens; an old file of that name makes way
 *   ptcp:[PORT][:HOST]  any port if 0; all addresses unless one is given
 *   pssl:[PORT][:HOST]  the same with TLS
 *   pfd:FD              a socket that listens already, inherited by this process
 * </pre>
 */
public sealed interface StreamAddress {
  /** A Unix domain socket. */
  record Unix(boolean isPassive, Path path) implements StreamAddress {
    @Override
    public String toString() {
      return (isPassive ? "punix:" : "unix:") + path;
    }
  }

  /** A TCP port, with TLS or without; listening, a null host stands for all addresses. */
  record Tcp(boolean isPassive, boolean isTls, HostPort place) implements StreamAddress {
    @Override
    public String toString() {
      String scheme = isTls ? "ssl:" : "tcp:";
      return isPassive ? "p" + scheme + place.listenerText() : scheme + place;
    }
  }

  /** An inherited socket. */
  record Descriptor(int fd) implements StreamAddress {
    @Override
    public boolean isPassive() {
      return true;
    }

    @Override
    public String toString() {
      return "pfd:" + fd;
    }
  }

  /** Whether this is a place to listen at, rather than a peer to connect to. */
  boolean isPassive();

  /** Whether {@code text} begins like a peer to connect to. */
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
  static StreamAddress parse(String text, Path directory, int defaultPort) {
    int colon = text.indexOf(':');
    String rest = text.substring(colon + 1);
    return switch (colon < 0 ? "" : text.substring(0, colon)) {
      case "unix" -> new Unix(false, file(text, rest, directory));
      case "punix" -> new Unix(true, file(text, rest, directory));
      case "tcp" -> new Tcp(false, false, HostPort.ofPeer(rest, defaultPort));
      case "ptcp" -> new Tcp(true, false, HostPort.ofListener(rest, defaultPort));
      case "ssl" -> new Tcp(false, true, HostPort.ofPeer(rest, defaultPort));
      case "pssl" -> new Tcp(true, true, HostPort.ofListener(rest, defaultPort));
      case "pfd" -> descriptor(text, rest);
      default ->
          throw new IllegalArgumentException(
              text
                  + ": is neither a peer (unix:FILE, tcp:HOST[:PORT], ssl:HOST[:PORT]) nor a place"
                  + " to listen at (punix:FILE, ptcp:[PORT][:HOST], pssl:[PORT][:HOST], pfd:FD)");
    };
  }

  private static Path file(String text, String path, Path directory) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException(text + ": the socket's path is missing");
    }
    return directory.resolve(path);
  }

  private static Descriptor descriptor(String text, String rest) {
    if (!rest.matches("[0-9]{1,9}")) {
      throw new IllegalArgumentException(text + ": bad file descriptor");
    }
    return new Descriptor(Integer.parseInt(rest));
  }

  /** The socket's file, or null. */
  default Path file() {
    return this instanceof Unix(boolean _, Path path) ? path : null;
  }

  /**
   * Connects, and for TLS shakes hands; or listens until the one peer has come that is waited for.
   *
   * @param tls what TLS uses; null where no TLS is wanted
   */
  default Stream open(Tls tls) throws IOException {
    if (!isPassive()) {
      return connect(tls);
    }
    try (StreamListener listener = listen(tls)) {
      Stream stream = listener.accept();
      stream.handshake();
      return stream;
    }
  }

  /**
   * Connects, and for TLS shakes hands; the name of a host is looked up anew each time.
   *
   * @param tls what TLS uses; null where no TLS is wanted
   */
  default Stream connect(Tls tls) throws IOException {
    return switch (this) {
      case Unix(boolean passive, Path path) when !passive ->
          new ChannelStream(toString(), Sockets.connect(path));
      case Tcp(boolean passive, boolean isTls, HostPort target) when !passive ->
          isTls
              ? required(tls).client(toString(), target)
              : new ChannelStream(toString(), Sockets.connect(target));
      default -> throw new IllegalStateException(this + " is a place to listen at");
    };
  }

  /**
   * Binds and listens.
   *
   * @param tls what TLS uses; null where no TLS is wanted
   */
  default StreamListener listen(Tls tls) throws IOException {
    return switch (this) {
      case Unix(boolean passive, Path path) when passive ->
          new SocketListener(this, Sockets.listen(path), null);
      case Tcp(boolean passive, boolean isTls, HostPort place) when passive ->
          new SocketListener(this, Sockets.listen(place), isTls ? required(tls) : null);
      case Descriptor(int fd) -> DescriptorListener.over(fd);
      default -> throw new IllegalStateException(this + " is a peer to connect to");
    };
  }

  private static Tls required(Tls tls) throws IOException {
    if (tls == null) {
      throw new IOException("TLS is not set up");
    }
    return tls;
  }
}
