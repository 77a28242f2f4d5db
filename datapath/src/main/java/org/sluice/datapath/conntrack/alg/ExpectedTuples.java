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
  /** It lives as long as the connection that announced it. */
  static final long WHILE_PARENT = Long.MAX_VALUE;

  /** As it arrives; its source port is any. */
  public final ConnectionKey expected = new ConnectionKey();

  /** As it leaves; its source port is any. */
  public final ConnectionKey wanted = new ConnectionKey();

  /** When it is no longer waited for; {@link #WHILE_PARENT} for as long as the announcer lives. */
  long expiresMs;

  /** What it is called by when it is taken back; 0 for nothing. */
  int call;

  /** Whether it counts only when {@link Expectations#confirm} says so. */
  boolean isProvisional;

  /** Whether another public port is taken if another connection waits for this one. */
  boolean mayMove;

  /** Whose payload is read on the announced connection. */
  Gateway gateway = Gateway.NONE;

  private final ConnectionKey original = new ConnectionKey();
  private final ConnectionKey reply = new ConnectionKey();
  private long parent;
  private int parentIndex;

  /** Takes the tuples of the announcing connection at {@code index}, whose record is locked. */
  void begin(int index, long record, long alias) {
    parent = record;
    parentIndex = index;
    ConnectionRecord.getTuple(record, original);
    ConnectionRecord.getTuple(alias == 0 ? record : alias, reply);
    if (alias == 0) {
      reply.reverse();
    }
  }

  int parentIndex() {
    return parentIndex;
  }

  /** What {@code direction}'s packets look like as they arrive. */
  ConnectionKey own(int direction) {
    return direction == 0 ? original : reply;
  }

  /** What the other direction's look like, and so, turned round, what this one's become. */
  ConnectionKey seen(int direction) {
    return direction == 0 ? reply : original;
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
    ConnectionKey own = own(direction);
    return own.srcHi == high && own.srcLo == low;
  }

  /** Whether the announcer is seen under another address on the other side. */
  boolean isHidden(int direction) {
    ConnectionKey own = own(direction);
    ConnectionKey seen = seen(direction);
    return own.srcHi != seen.dstHi || own.srcLo != seen.dstLo;
  }

  /** Announces that {@code port} of whoever sends in {@code direction} will be connected to. */
  void announce(int direction, int protocol, int port) {
    ConnectionKey own = own(direction);
    ConnectionKey seen = seen(direction);
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
    expiresMs = WHILE_PARENT;
    call = 0;
    isProvisional = false;
    mayMove = false;
    gateway = Gateway.NONE;
  }

  /** Announces that the port which the client sends from will be connected to. */
  void announceOwnPort(int protocol) {
    announce(0, protocol, ConnectionKey.sourcePort(original.word));
    setPublicPort(ConnectionKey.destinationPort(reply.word));
  }

  /** Lets it come from anywhere, not only from whom the announcer talks to. */
  void fromAnywhere() {
    expected.srcHi = 0;
    expected.srcLo = 0;
    wanted.srcHi = 0;
    wanted.srcLo = 0;
  }

  /** Sets the announcer's own port and the one that the other side connects to. */
  void setPorts(int port, int publicPort) {
    long word = wanted.word;
    wanted.setWord(port, ConnectionKey.zone(word), ConnectionKey.protocol(word), (int) word & 0xff);
    setPublicPort(publicPort);
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
