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
 * @param reply what its answers look like: the original tuple turned round, unless translated
 * @param expiresInMs time left; not negative
 * @param tcp the state of a TCP connection
 * @param parent the original tuple of the connection that announced this one
 */
public record ConnectionSnapshot(
    ConnectionTuple original,
    ConnectionTuple reply,
    int zone,
    long expiresInMs,
    int mark,
    long labelHigh,
    long labelLow,
    Gateway gateway,
    Optional<TcpState> tcp,
    Optional<ConnectionTuple> parent) {

  /** Both sides' state and window scale; see {@link TcpPeer}. */
  public record TcpState(int originalState, int replyState, int originalScale, int replyScale) {
    /** One state for both sides: the one that is further, FIN_WAIT_2 shown as TIME_WAIT. */
    public int summary() {
      return TcpPeer.furthest(originalState, replyState);
    }
  }

  /** Reads a locked record. */
  static ConnectionSnapshot of(ConnectionSlab slab, long record, long nowMs) {
    int extension = ConnectionRecord.extension(record);
    return of(record, extension == ConnectionRecord.NIL ? 0 : slab.address(extension), nowMs);
  }

  /** Reads a locked record, or copies of it and its second one. */
  static ConnectionSnapshot of(long record, long extension, long nowMs) {
    ConnectionTuple original = ConnectionTuple.of(record);
    int flags = ConnectionRecord.flags(record);
    boolean isTranslated = (flags & ConnectionRecord.TRANSLATED) != 0;
    boolean isAnnounced = (flags & ConnectionRecord.RELATED) != 0;
    return new ConnectionSnapshot(
        original,
        isTranslated ? ConnectionTuple.ofReply(extension) : original.reversed(),
        ConnectionKey.zone(ConnectionRecord.word(record)),
        Math.max(0, ConnectionRecord.expiresMs(record) - nowMs),
        ConnectionRecord.mark(record),
        ConnectionRecord.labelHi(record),
        ConnectionRecord.labelLo(record),
        Gateway.of(ConnectionRecord.gateway(record)),
        original.protocol() == IpProtocol.TCP ? Optional.of(tcpState(record)) : Optional.empty(),
        isAnnounced
            ? Optional.of(ConnectionTuple.of(ConnectionRecord.parent(extension)))
            : Optional.empty());
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
