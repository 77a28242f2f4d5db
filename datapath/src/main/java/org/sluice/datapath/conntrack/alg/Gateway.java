package org.sluice.datapath.conntrack.alg;

import java.util.Optional;

/** The protocols whose announcements are read, where a commit asks for it by {@code alg=}. */
public enum Gateway {
  /** Payload is not looked at. */
  NONE("", 0),
  /** File transfer: PORT, EPRT and the replies 227 and 229 on a TCP control connection. */
  FTP("ftp", 6),
  /** Trivial file transfer: requests over UDP, answered from another port. */
  TFTP("tftp", 17);

  private static final Gateway[] ALL = values();

  private final String text;
  private final int protocol;

  Gateway(String text, int protocol) {
    this.text = text;
    this.protocol = protocol;
  }

  /** The name in {@code alg=} and in {@code helper=}. */
  public String text() {
    return text;
  }

  /** The IP protocol it works over; 0 for {@link #NONE}. */
  public int protocol() {
    return protocol;
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
