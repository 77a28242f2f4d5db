package org.sluice.openflow.action;

/**
 * The protocols that {@code ct(alg=...)} knows by name. On the wire a protocol is the port of its
 * servers. Open vSwitch has FTP and TFTP; its tools carry the others through, and print the port.
 */
public enum CtGateway {
  FTP("ftp", 21, true, false),
  TFTP("tftp", 69, false, true),
  SIP("sip", 5060, true, true),
  IRC("irc", 6667, true, false),
  AMANDA("amanda", 10_080, false, true),
  PPTP("pptp", 1723, true, false);

  private static final CtGateway[] ALL = values();

  private final String text;
  private final int port;
  private final boolean tcp;
  private final boolean udp;

  CtGateway(String text, int port, boolean tcp, boolean udp) {
    this.text = text;
    this.port = port;
    this.tcp = tcp;
    this.udp = udp;
  }

  /** Its name. */
  public String text() {
    return text;
  }

  /** Its number in {@link Ct#alg}. */
  public int port() {
    return port;
  }

  /** Whether it works over TCP. */
  public boolean isOverTcp() {
    return tcp;
  }

  /** Whether it works over UDP. */
  public boolean isOverUdp() {
    return udp;
  }

  /** The protocol of that name; null if there is none. */
  public static CtGateway named(String name) {
    for (CtGateway gateway : ALL) {
      if (gateway.text.equals(name)) {
        return gateway;
      }
    }
    return null;
  }

  /** The protocol of that number; null if there is none. */
  public static CtGateway ofPort(int port) {
    for (CtGateway gateway : ALL) {
      if (gateway.port == port) {
        return gateway;
      }
    }
    return null;
  }
}
