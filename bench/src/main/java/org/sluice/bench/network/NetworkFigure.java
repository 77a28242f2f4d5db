package org.sluice.bench.network;

import org.sluice.bench.contest.Measurement;

/** What is measured, in the order in which it is shown. */
enum NetworkFigure implements Measurement {
  TCP("TCP, one stream", "Gbit/s", true),
  UDP_DELIVERED("UDP of 18 bytes, at the receiver's device", "kpps", true),
  UDP_RECEIVED("  taken by the receiving program", "kpps", true),
  CONNECTIONS("HTTP connections", "/s", true),
  IDLE("processor while idle", "% of a core", false);

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
