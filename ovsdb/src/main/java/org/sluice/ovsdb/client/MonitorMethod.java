package org.sluice.ovsdb.client;

/** The three generations of monitoring, newest first. */
enum MonitorMethod {
  SINCE("monitor_cond_since"),
  COND("monitor_cond"),
  PLAIN("monitor");

  private final String text;

  MonitorMethod(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** What to try with a server that does not know this one. */
  MonitorMethod older() {
    return this == SINCE ? COND : PLAIN;
  }
}
