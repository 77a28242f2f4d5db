package org.sluice.vswitchd.bridge;

import java.util.UUID;
import org.sluice.vswitchd.ofproto.PacketInLimit;

/**
 * A Controller row as somebody wants it.
 *
 * @param target where it is, as {@code tcp:127.0.0.1:6653}
 * @param maxBackoffMs the longest pause between two attempts to connect
 * @param inactivityProbeMs how long it may be silent before it is asked whether it is there; 0 for
 *     ever
 * @param inBand whether the bridge is to let the connection's own packets through
 * @param packetIns how many packet-ins it is sent, at most
 */
public record DesiredController(
    UUID row,
    String target,
    long maxBackoffMs,
    long inactivityProbeMs,
    boolean inBand,
    PacketInLimit packetIns) {}
