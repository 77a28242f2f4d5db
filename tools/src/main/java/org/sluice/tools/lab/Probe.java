package org.sluice.tools.lab;

import static org.sluice.tools.lab.Verdict.BLOCKED;
import static org.sluice.tools.lab.Verdict.PASSED;

/**
 * What is tried under each policy: whether it should pass by what the policy's author wants, and
 * what each kind of firewall really makes of it.
 */
enum Probe {
  // spotless:off
  //                 what is tried                                            wanted   stateless learn    stateful
  PING("ping", "client pings server",                                         PASSED,  PASSED,  PASSED,  PASSED),
  HTTP("http", "client fetches a page from server",                           PASSED,  PASSED,  PASSED,  PASSED),
  SERVER_OPENS("server-opens", "server opens a connection to client",         BLOCKED, BLOCKED, BLOCKED, BLOCKED),
  ACK_SCAN_OPEN("ack-scan-open", "attacker sends a bare ACK to an open port", BLOCKED, PASSED,  BLOCKED, BLOCKED),
  ACK_SCAN_CLOSED("ack-scan-closed", "... and to a closed one",               BLOCKED, PASSED,  BLOCKED, BLOCKED),
  FORGED_RST("forged-rst", "attacker resets the client's connection",         BLOCKED, PASSED,  PASSED,  BLOCKED),
  OUT_OF_WINDOW("out-of-window", "data far outside the receive window",       BLOCKED, PASSED,  PASSED,  BLOCKED),
  OVERLAP("overlap", "old sequence numbers again, other bytes",    BLOCKED, PASSED,  PASSED,  BLOCKED),
  FTP_ACTIVE("ftp-active", "FTP download, server opens the data channel",     PASSED,  BLOCKED, BLOCKED, PASSED),
  FTP_PASSIVE("ftp-passive", "FTP download, client opens the data channel",   PASSED,  BLOCKED, BLOCKED, PASSED);
  // spotless:on

  private final String title;
  private final String summary;
  private final Verdict wanted;
  private final Verdict stateless;
  private final Verdict learn;
  private final Verdict stateful;

  Probe(
      String title,
      String summary,
      Verdict wanted,
      Verdict stateless,
      Verdict learn,
      Verdict stateful) {
    this.title = title;
    this.summary = summary;
    this.wanted = wanted;
    this.stateless = stateless;
    this.learn = learn;
    this.stateful = stateful;
  }

  /** The name in tables, JSON and capture folders. */
  String title() {
    return title;
  }

  /** What is tried, in a few words. */
  String summary() {
    return summary;
  }

  /** What the author of the policy wants to happen. */
  Verdict wanted() {
    return wanted;
  }

  /** What must come out under {@code policy}: the known truth about that kind of firewall. */
  Verdict expected(Policy policy) {
    return switch (policy) {
      case STATELESS -> stateless;
      case LEARN -> learn;
      case STATEFUL -> stateful;
    };
  }
}
