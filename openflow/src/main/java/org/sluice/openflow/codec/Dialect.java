package org.sluice.openflow.codec;

import org.sluice.openflow.message.OfVersion;

/**
 * What two sides agreed on.
 *
 * @param nxm flow mods of 1.0 are written in the Nicira form, whose match can say everything
 * @param tableId flow mods of 1.0 carry a table number
 */
public record Dialect(OfVersion version, boolean nxm, boolean tableId) {
  /** The standard form of {@code version}. */
  public static Dialect of(OfVersion version) {
    return new Dialect(version, false, false);
  }
}
