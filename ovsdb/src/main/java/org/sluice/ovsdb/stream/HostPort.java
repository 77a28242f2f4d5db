package org.sluice.ovsdb.stream;

/** A host and a TCP port; an IPv6 address is written in brackets. Immutable. */
public record HostPort(String host, int port) {
  /** OVSDB's own port. */
  public static final int DEFAULT_PORT = 6640;

  /** Reads {@code HOST}, {@code HOST:PORT} or {@code [IPV6]:PORT}. */
  static HostPort parse(String text) {
    int close = text.indexOf(']');
    boolean bracketed = text.startsWith("[") && close > 0;
    int colon = text.indexOf(':', bracketed ? close : 0);
    String host = colon < 0 ? text : text.substring(0, colon);
    host = bracketed ? host.substring(1, close) : host;
    if (host.isEmpty()) {
      throw new IllegalArgumentException(text + ": host name or address missing");
    }
    return new HostPort(host, colon < 0 ? DEFAULT_PORT : port(text.substring(colon + 1)));
  }

  static int port(String text) {
    int port;
    try {
      port = Integer.parseInt(text);
    } catch (NumberFormatException _) {
      port = -1;
    }
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException(text + ": bad port number");
    }
    return port;
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
