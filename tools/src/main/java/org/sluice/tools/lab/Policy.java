package org.sluice.tools.lab;

/** The firewalls that are compared, in the order in which they are tried. */
enum Policy {
  STATELESS("stateless", "matches TCP flags; anything with ACK or RST passes"),
  LEARN("learn", "each allowed connection learns the rule for its answers"),
  STATEFUL("stateful", "ct() tracks connections, alg=ftp follows FTP");

  private final String title;
  private final String summary;

  Policy(String title, String summary) {
    this.title = title;
    this.summary = summary;
  }

  /** The name in tables and JSON. */
  String title() {
    return title;
  }

  /** One line on how it works. */
  String summary() {
    return summary;
  }

  /** The flow file, below {@code examples/firewall}. */
  String fileName() {
    return title + ".flows";
  }
}
