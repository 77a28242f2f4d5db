package org.sluice.datapath.conntrack.protocol;

/**
 * The timeouts a connection can be under. For all protocols but TCP the timer is the connection's
 * state as well. A record carries the {@link #index}.
 */
public enum Timer {
  /** A TCP connection of which only the first packet was seen. */
  TCP_FIRST("tcp_syn_sent", 30),
  /** A TCP connection being opened. */
  TCP_OPENING("tcp_syn_recv", 30),
  /** An open TCP connection. */
  TCP_ESTABLISHED("tcp_established", 86_400),
  /** A TCP connection that one side has closed. */
  TCP_CLOSING("tcp_fin_wait", 900),
  /** A TCP connection that both sides have closed, not all acknowledged. */
  TCP_FIN_WAIT("tcp_time_wait", 45),
  /** A TCP connection that is closed. */
  TCP_CLOSED("tcp_close", 30),
  /** UDP and others: one packet seen. */
  OTHER_FIRST("udp_first", 60),
  /** UDP and others: several packets, all in one direction. */
  OTHER_MULTIPLE("udp_single", 60),
  /** UDP and others: packets in both directions. */
  OTHER_BIDIRECTIONAL("udp_multiple", 30),
  /** An ICMP query without an answer yet. */
  ICMP_FIRST("icmp_first", 60),
  /** An answered ICMP query. */
  ICMP_REPLY("icmp_reply", 30),
  /** An SCTP association that was aborted or shut down. */
  SCTP_CLOSED("sctp_closed", 10);

  private final String policyAttribute;
  private final int defaultSeconds;

  Timer(String policyAttribute, int defaultSeconds) {
    this.policyAttribute = policyAttribute;
    this.defaultSeconds = defaultSeconds;
  }

  /** Whether a connection under the timer of that index has not been answered. */
  public static boolean isUnanswered(int index) {
    return index == TCP_FIRST.index()
        || index == TCP_OPENING.index()
        || index == OTHER_FIRST.index()
        || index == OTHER_MULTIPLE.index()
        || index == ICMP_FIRST.index();
  }

  /** The name of the timeout policy's attribute that sets it. */
  public String policyAttribute() {
    return policyAttribute;
  }

  /** Seconds where no policy says otherwise. */
  public int defaultSeconds() {
    return defaultSeconds;
  }

  /** The number that a record carries. */
  @SuppressWarnings("EnumOrdinal")
  public int index() {
    return ordinal();
  }
}
