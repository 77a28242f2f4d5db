package org.sluice.vswitchd.classifier;

import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;

/**
 * The parts of a packet that a lookup looks at one after the other: a packet that no rule of a
 * subtable resembles in its metadata need not have its addresses looked at.
 */
enum Stage {
  METADATA,
  LINK,
  NETWORK,
  TRANSPORT;

  /** How many there are. */
  static final int COUNT = values().length;

  private static final long HIGH_HALF = 0xffff_ffff_0000_0000L;

  /** The bits of a key that belong to this stage. */
  FlowMask bits() {
    FlowMask mask = new FlowMask();
    for (int word = 0; word < Word.COUNT; word++) {
      mask.words()[word] = bitsOf(word);
    }
    return mask;
  }

  private long bitsOf(int word) {
    return switch (word) {
      // Ports belong to the transport stage, what lies beside them in their word does not.
      case Word.L4 -> split(NETWORK);
      case Word.CT_PORTS -> split(METADATA);
      default -> ofWord(word) == this ? -1L : 0;
    };
  }

  private long split(Stage low) {
    if (this == TRANSPORT) {
      return HIGH_HALF;
    }
    return this == low ? ~HIGH_HALF : 0;
  }

  private static Stage ofWord(int word) {
    if (word < Word.ETH_SRC) {
      return METADATA;
    }
    if (word < Word.IP) {
      return LINK;
    }
    boolean network = word < Word.TUN_ID || (word >= Word.NSH && word < Word.METADATA);
    return network ? NETWORK : METADATA;
  }
}
