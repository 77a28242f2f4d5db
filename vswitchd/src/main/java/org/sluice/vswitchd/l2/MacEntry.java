package org.sluice.vswitchd.l2;

/**
 * A row of a {@link MacTable} as it was at one moment.
 *
 * @param ageSeconds since it was last learned; of no meaning where {@code isStatic}
 */
public record MacEntry(long mac, int vlan, int bundleId, boolean isStatic, long ageSeconds) {}
