package org.sluice.bench.ovsdb;

/** What is measured, in the order in which it is. */
enum Measurement {
  TRANSACT_1("durable transactions, 1 connection", "/s", true),
  TRANSACT_32("durable transactions, 32 connections", "/s", true),
  FAN_OUT("a change to all monitors", "ms", false),
  MEMORY("memory per row", "bytes", false),
  MONITOR("initial monitor of all rows", "ms", false),
  REOPEN("reopening the file", "ms", false),
  ADD_PORT("adding a port to a large bridge", "ms", false),
  ADD_PORT_SENT("  what a monitor is sent of it", "bytes", false),
  ADD_PORT_WRITTEN("  what the file grows by", "bytes", false);

  private final String title;
  private final String unit;
  private final boolean moreIsBetter;

  Measurement(String title, String unit, boolean moreIsBetter) {
    this.title = title;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
  }

  String title() {
    return title;
  }

  String unit() {
    return unit;
  }

  /** How many times better ours is. */
  double ratio(double theirs, double ours) {
    return moreIsBetter ? ours / theirs : theirs / ours;
  }
}
