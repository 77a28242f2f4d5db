package org.sluice.bench.network;

import org.sluice.bench.contest.Measurement;

/** What is measured, in the order in which it is shown. */
enum NetworkFigure implements Measurement {
  TCP("TCP, one stream", "Gbit/s", true),
  UDP_DELIVERED("UDP of 18 bytes, at the receiver's device", "kpps", true),
  UDP_RECEIVED("  taken by the receiving program", "kpps", true),
  CONNECTIONS("HTTP connections", "/s", true),
  DELAY_RATE("UDP at half of what was taken", "kpps", true),
  DELAY_ARRIVED("  arrived", "%", true),
  DELAY_MEDIAN("  from program to program, median", "us", false),
  DELAY_99("  99 % within", "us", false),
  DELAY_999("  99.9 % within", "us", false),
  DELAY_MOST("  all within", "us", false),
  COLLECTOR_PAUSES("  the collector's pauses meanwhile", "count", false),
  COLLECTOR_LONGEST("  the longest of them", "us", false),
  IDLE("processor while idle", "% of a core", false),
  FIRST("first datagram after idling", "us", false),
  FOLLOWING("  those that follow, median", "us", false);

  private final String title;
  private final String unit;
  private final boolean moreIsBetter;

  NetworkFigure(String title, String unit, boolean moreIsBetter) {
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
