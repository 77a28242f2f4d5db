package org.sluice.datapath.conntrack;

import java.util.Optional;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.protocol.TcpPeer;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.conntrack.table.ConnectionSlab;
import org.sluice.datapath.packet.IpProtocol;

/**
 * A connection as it was at one moment, for people and control code.
 *
 * @param expiresInMs time left; not negative
 * @param tcp the state of a TCP connection
 * @param parent the original tuple of the connection that announced this one
 */
public record ConnectionSnapshot(
    ConnectionTuple original,
    int zone,
    long expiresInMs,
    int mark,
    long labelHigh,
    long labelLow,
    Gateway gateway,
    Optional<TcpState> tcp,
    Optional<ConnectionTuple> parent) {

  /** Both sides' state and window scale; see {@link TcpPeer}. */
  public record TcpState(int originalState, int replyState, int originalScale, int replyScale) {}

  /** The reply direction's tuple. */
  public ConnectionTuple reply() {
    return original.reversed();
  }

  /** Reads a locked record. */
  static ConnectionSnapshot of(ConnectionSlab slab, long record, long nowMs) {
    ConnectionTuple original = ConnectionTuple.of(record);
    int extension = ConnectionRecord.extension(record);
    return new ConnectionSnapshot(
        original,
        ConnectionKey.zone(ConnectionRecord.word(record)),
        Math.max(0, ConnectionRecord.expiresMs(record) - nowMs),
        ConnectionRecord.mark(record),
        ConnectionRecord.labelHi(record),
        ConnectionRecord.labelLo(record),
        Gateway.of(ConnectionRecord.gateway(record)),
        original.protocol() == IpProtocol.TCP ? Optional.of(tcpState(record)) : Optional.empty(),
        extension == ConnectionRecord.NIL
            ? Optional.empty()
            : Optional.of(ConnectionTuple.of(slab.address(extension))));
  }

  private static TcpState tcpState(long record) {
    long original = record + ConnectionRecord.ORIGINAL_PEER;
    long reply = record + ConnectionRecord.REPLY_PEER;
    return new TcpState(
        TcpPeer.state(original),
        TcpPeer.state(reply),
        TcpPeer.scale(original),
        TcpPeer.scale(reply));
  }
}
