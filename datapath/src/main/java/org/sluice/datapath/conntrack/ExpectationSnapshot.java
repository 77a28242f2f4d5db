package org.sluice.datapath.conntrack;

/**
 * An announced connection, for people and control code.
 *
 * @param expected the tuple of its first packet; source port 0 for any
 * @param parent the original tuple of the connection that announced it
 */
public record ExpectationSnapshot(
    ConnectionTuple expected,
    int zone,
    int mark,
    long labelHigh,
    long labelLow,
    ConnectionTuple parent) {}
