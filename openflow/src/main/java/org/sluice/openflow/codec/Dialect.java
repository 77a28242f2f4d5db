package org.sluice.openflow.codec;

import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.message.OfVersion;

/**
 * What two sides agreed on.
 *
 * @param nxm flow mods of 1.0 are written in the Nicira form, whose match can say everything
 * @param tableId flow mods of 1.0 carry a table number
 * @param options where the switch has tunnel options; null on the other side, which need not know
 */
public record Dialect(OfVersion version, boolean nxm, boolean tableId, OptionLayout options) {
  /** As one speaks who is no switch. */
  public Dialect(OfVersion version, boolean nxm, boolean tableId) {
    this(version, nxm, tableId, null);
  }

  /** The standard form of {@code version}. */
  public static Dialect of(OfVersion version) {
    return new Dialect(version, false, false);
  }
}
