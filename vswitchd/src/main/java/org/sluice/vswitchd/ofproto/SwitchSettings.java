package org.sluice.vswitchd.ofproto;

import java.util.Set;
import org.sluice.openflow.message.OfVersion;
import org.sluice.vswitchd.l2.MacTable;

/**
 * What configuration says of a switch.
 *
 * @param versions that it speaks
 * @param bundleIdleS seconds after which a bundle that is not gone on with ends
 * @param forwardsBpdu whether frames for reserved group addresses are bridged
 */
public record SwitchSettings(
    long datapathId,
    Set<OfVersion> versions,
    int macTableSize,
    int macAgingS,
    boolean forwardsBpdu,
    int bundleIdleS,
    Description description) {
  public SwitchSettings {
    versions = Set.copyOf(versions);
  }

  /** Seconds that a bundle may rest where nobody says otherwise. */
  public static final int DEFAULT_BUNDLE_IDLE_S = 10;

  /** What the switch calls itself beside its maker. */
  public record Description(String software, String serial, String datapath) {
    public static final Description NONE = new Description("0.1.0", "None", "None");
  }

  /** Everything as it is when nobody configures it. */
  public static SwitchSettings of(long datapathId) {
    return new SwitchSettings(
        datapathId,
        Set.of(OfVersion.values()),
        MacTable.DEFAULT_MAX_ENTRIES,
        MacTable.DEFAULT_IDLE_SECONDS,
        false,
        DEFAULT_BUNDLE_IDLE_S,
        Description.NONE);
  }
}
