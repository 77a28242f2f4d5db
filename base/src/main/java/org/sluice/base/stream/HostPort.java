package org.sluice.base.stream;

import java.net.InetAddress;

/**
 * A host and a TCP port; an IPv6 address is written in brackets. Immutable.
 *
 * @param host name or address; null for all addresses of this machine
 */
public record HostPort(String host, int port) {
  /**
   * Reads {@code HOST}, {@code HOST:PORT} or {@code [IPV6]:PORT}.
   *
   * @param defaultPort the port where none is given
   * @throws IllegalArgumentException in one line
   */
  static HostPort ofPeer(String text, int defaultPort) {
    int close = text.indexOf(']');
    int colon = text.indexOf(':', text.startsWith("[") && close > 0 ? close : 0);
    String host = unbracketed(colon < 0 ? text : text.substring(0, colon));
    if (host.isEmpty()) {
      throw new IllegalArgumentException(text + ": host must be specified");
    }
    String port = colon < 0 ? "" : text.substring(colon + 1);
    return new HostPort(host, port.isEmpty() ? defaultPort : port(text, port));
  }

  /** Reads {@code [PORT][:HOST]}. */
  static HostPort ofListener(String text, int defaultPort) {
    int colon = text.indexOf(':');
    String port = colon < 0 ? text : text.substring(0, colon);
    String host = colon < 0 ? "" : unbracketed(text.substring(colon + 1));
    return new HostPort(
        host.isEmpty() ? null : host, port.isEmpty() ? defaultPort : port(text, port));
  }

  private static String unbracketed(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return bracketed ? host.substring(1, host.length() - 1) : host;
  }

  /** Whether a host is given by its address, not by a name. */
  static boolean isAddress(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static int port(String text, String port) {
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw new IllegalArgumentException(text + ": bad port number \"" + port + "\"");
    }
    return Integer.parseInt(port);
  }

  private String bracketed() {
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /** The form that names a place to listen at. */
  String listenerText() {
    return port + (host == null ? "" : ":" + bracketed());
  }

  @Override
  public String toString() {
    return bracketed() + ":" + port;
  }
}
