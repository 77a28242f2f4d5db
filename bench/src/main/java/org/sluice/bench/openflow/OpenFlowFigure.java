package org.sluice.bench.openflow;

import org.sluice.bench.contest.Measurement;

/** What is measured, in the order in which it is shown. */
enum OpenFlowFigure implements Measurement {
  ADD_FLOWS("ovs-ofctl add-flows", "ms", false),
  ADD_FLOWS_BUNDLE("ovs-ofctl --bundle add-flows", "ms", false),
  DUMP_FLOWS("dumping the flows", "ms", false),
  FLOW_MODS("flow mods, a barrier every 100", "/s", true),
  BUILD("building the large table", "ms", false),
  MEMORY("  memory per flow of it", "bytes", false),
  BUILD_AGAIN("  emptied and built once more", "ms", false);

  private final String title;
  private final String unit;
  private final boolean moreIsBetter;

  OpenFlowFigure(String title, String unit, boolean moreIsBetter) {
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
