package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * How many ports a translated address uses towards one remote end, for people and control code.
 *
 * @param used ports, or ICMP identifiers
 */
public record PortPoolSnapshot(
    boolean ipv6,
    int protocol,
    int zone,
    long translatedHigh,
    long translatedLow,
    long remoteHigh,
    long remoteLow,
    int remotePort,
    int used) {
  /** Reads a pool's record. */
  static PortPoolSnapshot of(long pool, int used) {
    long word = ConnectionRecord.word(pool);
    return new PortPoolSnapshot(
        ConnectionKey.isIpv6(word),
        ConnectionKey.protocol(word),
        ConnectionKey.zone(word),
        ConnectionRecord.srcHi(pool),
        ConnectionRecord.srcLo(pool),
        ConnectionRecord.dstHi(pool),
        ConnectionRecord.dstLo(pool),
        ConnectionKey.destinationPort(word),
        used);
  }
}
