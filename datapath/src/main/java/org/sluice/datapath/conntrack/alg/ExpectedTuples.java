package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * The tuples of a connection that a gateway has announced: what its first packet looks like when it
 * arrives, and what it is to be translated to. Scratch of one packet thread.
 *
 * <pre>
 *               the announcer's side                      the other side
 *   parent    announcer &lt;-&gt; the other as seen here      the announcer as seen there &lt;-&gt; other
 *   wanted    announcer:port &lt;- other as seen here
 *   expected                              announcer as seen there:public port &lt;- other:any port
 * </pre>
 *
 * <p>Where the parent is not translated both are the same.
 */
public final class ExpectedTuples {
  /** As it arrives; its source port is any. */
  public final ConnectionKey expected = new ConnectionKey();

  /** As it leaves; its source port is any. */
  public final ConnectionKey wanted = new ConnectionKey();

  private final ConnectionKey original = new ConnectionKey();
  private final ConnectionKey reply = new ConnectionKey();
  private long parent;

  /**
   * Takes the announcing connection's tuples.
   *
   * @param alias where its reply tuple is; 0 if it is not translated
   */
  void begin(long record, long alias) {
    parent = record;
    ConnectionRecord.getKey(record, original);
    ConnectionRecord.getKey(alias == 0 ? record : alias, reply);
    if (alias == 0) {
      reply.reverse();
    }
  }

  /** The announcing connection. */
  long parent() {
    return parent;
  }

  boolean isIpv6() {
    return ConnectionKey.isIpv6(original.word);
  }

  /** Whether it is the announcer's own address; another one would open a way to somebody else. */
  boolean isOwn(int direction, long high, long low) {
    ConnectionKey own = direction == 0 ? original : reply;
    return own.srcHi == high && own.srcLo == low;
  }

  /** Whether the announcer is seen under another address on the other side. */
  boolean isHidden(int direction) {
    ConnectionKey own = direction == 0 ? original : reply;
    ConnectionKey seen = direction == 0 ? reply : original;
    return own.srcHi != seen.dstHi || own.srcLo != seen.dstLo;
  }

  /** Announces that {@code port} of whoever sends in {@code direction} will be connected to. */
  void announce(int direction, int protocol, int port) {
    ConnectionKey own = direction == 0 ? original : reply;
    ConnectionKey seen = direction == 0 ? reply : original;
    expected.srcHi = seen.srcHi;
    expected.srcLo = seen.srcLo;
    expected.dstHi = seen.dstHi;
    expected.dstLo = seen.dstLo;
    wanted.srcHi = own.dstHi;
    wanted.srcLo = own.dstLo;
    wanted.dstHi = own.srcHi;
    wanted.dstLo = own.srcLo;
    int kind = isIpv6() ? ConnectionKey.IPV6 : 0;
    wanted.setWord(port, ConnectionKey.zone(original.word), protocol, kind);
    setPublicPort(port);
  }

  /** Announces that the port which the client sends from will be connected to. */
  void announceOwnPort(int protocol) {
    announce(0, protocol, ConnectionKey.sourcePort(original.word));
    setPublicPort(ConnectionKey.destinationPort(reply.word));
  }

  /** Changes the port that the other side connects to. */
  void setPublicPort(int port) {
    long word = wanted.word;
    expected.setWord(
        port, ConnectionKey.zone(word), ConnectionKey.protocol(word), (int) word & 0xff);
  }

  int publicPort() {
    return ConnectionKey.destinationPort(expected.word);
  }
}
