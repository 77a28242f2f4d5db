package org.sluice.bench;

import java.util.function.Supplier;

/** Flow files that switches are compared with. */
enum BenchPolicy {
  /** Everything from port 1 goes to port 2. */
  FWD("fwd", () -> "in_port=1,actions=output:2\n"),

  /** Each packet is tracked; new connections are committed. */
  STATEFUL(
      "stateful",
      () ->
          """
          table=0,priority=100,ip,ct_state=-trk,actions=ct(table=1)
          table=1,priority=100,ip,ct_state=+trk+new,actions=ct(commit),output:2
          table=1,priority=100,ip,ct_state=+trk+est,actions=output:2
          table=1,priority=90,ip,ct_state=+trk+inv,actions=drop
          """),

  /** A pipeline as OVN makes it. */
  OVN("ovn", PolicyText::ovn),

  /** An access list of 10,000 rules over 200 masks. */
  ACL("acl", PolicyText::acl),

  /** Allows some and drops the rest: what a sender can provoke thousands of masks with. */
  TSE(
      "tse",
      () ->
          """
          priority=30,udp,nw_src=10.0.0.1,actions=output:2
          priority=20,udp,tp_src=12345,actions=output:2
          priority=10,udp,tp_dst=80,actions=output:2
          priority=1,actions=drop
          """);

  private final String title;
  private final Supplier<String> flows;

  BenchPolicy(String title, Supplier<String> flows) {
    this.title = title;
    this.flows = flows;
  }

  /** Its name in tables and JSON. */
  String title() {
    return title;
  }

  /** The flow file's text. */
  String flows() {
    return flows.get();
  }
}
