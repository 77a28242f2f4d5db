package org.sluice.bench;

/** Flow files that switches are compared with. */
enum BenchPolicy {
  /** Everything from port 1 goes to port 2. */
  FWD("fwd", "in_port=1,actions=output:2\n"),

  /** Each packet is tracked; new connections are committed. */
  STATEFUL(
      "stateful",
      """
      table=0,priority=100,ip,ct_state=-trk,actions=ct(table=1)
      table=1,priority=100,ip,ct_state=+trk+new,actions=ct(commit),output:2
      table=1,priority=100,ip,ct_state=+trk+est,actions=output:2
      table=1,priority=90,ip,ct_state=+trk+inv,actions=drop
      """);

  private final String title;
  private final String flows;

  BenchPolicy(String title, String flows) {
    this.title = title;
    this.flows = flows;
  }

  /** Its name in tables and JSON. */
  String title() {
    return title;
  }

  /** The flow file's text. */
  String flows() {
    return flows;
  }
}
