package org.sluice.vswitchd.translate;

import java.util.List;

/** The bridges of one datapath. Any thread may ask at any time. */
public interface Topology {
  /** The bridge of that name; null where there is none. */
  BridgeView bridge(String name);

  /** Which port of which bridge a datapath port is; null where it is none. */
  Place locate(int datapathPort);

  /** All bridges. */
  List<? extends BridgeView> bridges();

  /**
   * Counts changes of anything that a translation may rest on: rules, ports, VLANs, stations. Two
   * equal answers mean that nothing has changed between them.
   */
  long changeSequence();

  /** A port of a bridge. */
  record Place(BridgeView bridge, int ofPort) {}
}
