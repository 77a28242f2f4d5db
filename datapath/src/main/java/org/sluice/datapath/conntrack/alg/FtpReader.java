package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * Reads the commands and replies of an FTP control connection that announce a data connection.
 *
 * <pre>
 *   client:  PORT h1,h2,h3,h4,p1,p2         the server will connect to the client's address there
 *   client:  EPRT |1|h1.h2.h3.h4|port|      the same; |2| for IPv6
 *   server:  227 ... h1,h2,h3,h4,p1,p2      the client will connect to the server's address there
 *   server:  229 ... (|||port|)             the same, at the address of the control connection
 * </pre>
 *
 * <p>An address that is not the announcer's own would let it open a way to somebody else, and is
 * not believed. Only the beginning of a segment is read, at most {@link #MAX_LINE_BYTES}; what
 * cannot be read is left alone. Belongs to one packet thread.
 */
public final class FtpReader {
  /** Bytes of a segment that are looked at. */
  public static final int MAX_LINE_BYTES = 128;

  private static final int MAX_PORT = 0xffff;

  private final TextCursor text = new TextCursor();
  private final AddressReader address = new AddressReader();
  private final ConnectionKey expected = new ConnectionKey();

  /** The first packet of the announced connection; its source port is any. */
  public ConnectionKey expected() {
    return expected;
  }

  /**
   * Reads a segment's payload.
   *
   * @param parent the control connection's record
   * @param direction who sends: 0 = the client
   * @return whether it announces a connection: {@link #expected}
   */
  public boolean read(long parent, long payload, int bytes, int direction) {
    int port =
        direction == 0 ? readCommand(parent, payload, bytes) : readReply(parent, payload, bytes);
    if (port <= 0) {
      return false;
    }
    expect(parent, direction, port);
    return true;
  }

  private void rewind(long payload, int bytes) {
    text.set(payload, Math.min(bytes, MAX_LINE_BYTES));
  }

  private int readCommand(long parent, long payload, int bytes) {
    rewind(payload, bytes);
    if (text.acceptWord("PORT ")) {
      return text.skipToDigit() ? hostAndPort(parent, 0) : TextCursor.NO_NUMBER;
    }
    rewind(payload, bytes);
    return text.acceptWord("EPRT ") ? extendedPort(parent) : TextCursor.NO_NUMBER;
  }

  private int readReply(long parent, long payload, int bytes) {
    rewind(payload, bytes);
    if (text.acceptWord("227 ")) {
      return text.skipToDigit() ? hostAndPort(parent, 1) : TextCursor.NO_NUMBER;
    }
    rewind(payload, bytes);
    return text.acceptWord("229 ") && text.skipBehind('(')
        ? extendedPassive()
        : TextCursor.NO_NUMBER;
  }

  /** {@code h1,h2,h3,h4,p1,p2}. */
  private int hostAndPort(long parent, int direction) {
    boolean isIpv6 = ConnectionKey.isIpv6(ConnectionRecord.word(parent));
    if (isIpv6 || !address.readIpv4(text, ',') || !isOwn(parent, direction) || !text.accept(',')) {
      return TextCursor.NO_NUMBER;
    }
    int high = text.number(255);
    if (high == TextCursor.NO_NUMBER || !text.accept(',')) {
      return TextCursor.NO_NUMBER;
    }
    int low = text.number(255);
    return low == TextCursor.NO_NUMBER ? low : high << 8 | low;
  }

  /** {@code |family|address|port|}, whatever the separator. */
  private int extendedPort(long parent) {
    int separator = text.next();
    int family = text.number(9);
    boolean isIpv6 = ConnectionKey.isIpv6(ConnectionRecord.word(parent));
    if (!isSeparator(separator) || family != (isIpv6 ? 2 : 1) || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    boolean isRead = isIpv6 ? address.readIpv6(text) : address.readIpv4(text, '.');
    if (!isRead || !isOwn(parent, 0) || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    return lastNumber(separator);
  }

  /** {@code |||port|}, whatever the separator. */
  private int extendedPassive() {
    int separator = text.next();
    if (!isSeparator(separator) || !text.accept(separator) || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    return lastNumber(separator);
  }

  private int lastNumber(int separator) {
    int port = text.number(MAX_PORT);
    return text.accept(separator) ? port : TextCursor.NO_NUMBER;
  }

  /** RFC 2428 allows any printable character but a digit would be ambiguous. */
  private static boolean isSeparator(int c) {
    return c > ' ' && c < 127 && !TextCursor.isDigit(c);
  }

  private boolean isOwn(long parent, int direction) {
    return direction == 0
        ? address.low() == ConnectionRecord.srcLo(parent)
            && address.high() == ConnectionRecord.srcHi(parent)
        : address.low() == ConnectionRecord.dstLo(parent)
            && address.high() == ConnectionRecord.dstHi(parent);
  }

  private void expect(long parent, int direction, int port) {
    ConnectionRecord.getKey(parent, expected);
    if (direction == 0) {
      expected.reverse();
    }
    long word = ConnectionRecord.word(parent);
    int kind = ConnectionKey.isIpv6(word) ? ConnectionKey.IPV6 : 0;
    expected.setWord(port, ConnectionKey.zone(word), ConnectionKey.protocol(word), kind);
  }
}
