package org.sluice.bench.connections;

import org.sluice.bench.contest.Measurement;

/** What is measured, in the order in which it is shown. */
enum ConnectionsFigure implements Measurement {
  HELD("connections held, at least", "", true),
  CREATED("new connections", "/s", true),
  EXPIRED("expired connections", "/s", true),
  PACKETS("packets", "/s", true),
  BYTES("memory per connection", "bytes", false),
  CONTROL("control thread late, at most", "ms", false),
  CONTROL_STEP("  its longest step", "ms", false),
  NOTHING("a thread with nothing to do late, at most", "ms", false),
  COLLECTOR("longest pause of the garbage collector", "ms", false),
  COUNT_ANSWER("dpctl/ct-get-nconns answers in, at most", "ms", false),
  STATS_ANSWER("dpctl/ct-stats-show answers in, at most", "ms", false),
  LIST("listing all connections", "ms", false),
  LIST_LINES("  connections in the list", "", true),
  LIST_CONTROL("  control thread late, at most", "ms", false),
  LIST_CONTROL_STEP("    its longest step", "ms", false),
  LIST_NOTHING("  a thread with nothing to do", "ms", false),
  LIST_COUNT_ANSWER("  dpctl/ct-get-nconns, at most", "ms", false),
  FLUSH("flushing half of them", "ms", false),
  FLUSH_CONTROL("  control thread late, at most", "ms", false),
  FLUSH_CONTROL_STEP("    its longest step", "ms", false),
  FLUSH_NOTHING("  a thread with nothing to do", "ms", false),
  FLUSH_COUNT_ANSWER("  dpctl/ct-get-nconns, at most", "ms", false),
  FULL_BYTES("memory of all connections", "bytes", false),
  IDLE_BYTES("  when they have long expired", "bytes", false);

  private final String title;
  private final String unit;
  private final boolean moreIsBetter;

  ConnectionsFigure(String title, String unit, boolean moreIsBetter) {
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
