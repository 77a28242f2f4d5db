package org.sluice.datapath.conntrack.alg;

import java.util.Optional;
import org.sluice.datapath.packet.IpProtocol;

/**
 * The protocols whose announcements are read, where a commit asks for it by {@code alg=} or its
 * zone says so. Open vSwitch has the first two.
 */
public enum Gateway {
  /** Payload is not looked at. */
  NONE("", 0),
  /** File transfer: PORT, EPRT and the replies 227 and 229 on a TCP control connection. */
  FTP("ftp", 21, IpProtocol.TCP),
  /** Trivial file transfer: requests over UDP, answered from another port. */
  TFTP("tftp", 69, IpProtocol.UDP),
  /** Calls: SIP messages and the sessions that they describe. */
  SIP("sip", 5060, IpProtocol.UDP, IpProtocol.TCP),
  /** Chat: DCC offers, by which two clients connect past the server. */
  IRC("irc", 6667, IpProtocol.TCP),
  /** Backups: the ports that a client is ready to be connected to at. */
  AMANDA("amanda", 10_080, IpProtocol.UDP),
  /** Tunnels: the call ids of PPTP's GRE packets. */
  PPTP("pptp", 1723, IpProtocol.TCP);

  private static final Gateway[] ALL = values();

  private final String text;
  private final int port;
  private final int first;
  private final int second;

  Gateway(String text, int port, int... protocols) {
    this.text = text;
    this.port = port;
    this.first = protocols.length > 0 ? protocols[0] : -1;
    this.second = protocols.length > 1 ? protocols[1] : -1;
  }

  /** The name in {@code alg=} and in {@code helper=}. */
  public String text() {
    return text;
  }

  /** The port that servers of the protocol listen at; 0 for {@link #NONE}. */
  public int port() {
    return port;
  }

  /** Whether it works over an IP protocol. */
  public boolean reads(int protocol) {
    return protocol == first || protocol == second;
  }

  /** The gateway called {@code name}; empty if there is none of that name. */
  public static Optional<Gateway> named(String name) {
    for (Gateway gateway : ALL) {
      if (gateway != NONE && gateway.text.equals(name)) {
        return Optional.of(gateway);
      }
    }
    return Optional.empty();
  }

  /** The gateway whose {@link #index} a connection's record carries. */
  public static Gateway of(int index) {
    return ALL[index];
  }

  /** The number that a record carries. */
  @SuppressWarnings("EnumOrdinal")
  public int index() {
    return ordinal();
  }
}
