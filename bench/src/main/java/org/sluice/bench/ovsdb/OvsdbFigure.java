package org.sluice.bench.ovsdb;

import org.sluice.bench.contest.Measurement;

/** What is measured, in the order in which it is. */
enum OvsdbFigure implements Measurement {
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

  OvsdbFigure(String title, String unit, boolean moreIsBetter) {
    this.title = title;
    this.unit = unit;
    this.moreIsBetter = moreIsBetter;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public String unit() {
    return unit;
  }

  @Override
  public boolean moreIsBetter() {
    return moreIsBetter;
  }
}
