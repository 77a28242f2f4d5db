package org.sluice.datapath.netdev;

/**
 * A device's counters at one moment, named as {@code Interface.statistics} names them; -1 what the
 * device does not count.
 */
public record NetdevStatistics(
    long rxPackets,
    long rxBytes,
    long rxErrors,
    long rxDropped,
    long txPackets,
    long txBytes,
    long txErrors,
    long txDropped) {}
