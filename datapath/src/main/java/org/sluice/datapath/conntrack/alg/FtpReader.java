package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.packet.IpProtocol;

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
 * cannot be read is left alone. Where the announcer is translated, the text is written anew.
 * Belongs to one packet thread.
 */
final class FtpReader {
  /** Bytes of a segment that are looked at. */
  static final int MAX_LINE_BYTES = 128;

  private static final int MAX_PORT = 0xffff;

  /** How an announcement is written. */
  private enum Form {
    /** {@code h1,h2,h3,h4,p1,p2}. */
    COMMAS,
    /** {@code address|port}. */
    EXTENDED,
    /** {@code port}. */
    PORT
  }

  private final TextCursor text = new TextCursor();
  private final AddressReader address = new AddressReader();
  private final ExpectedTuples tuples;
  private Form form = Form.PORT;
  private long textStart;
  private long textEnd;
  private int separator;
  private boolean isAnnouncement;

  /** Makes a reader that fills {@code tuples}. */
  FtpReader(ExpectedTuples tuples) {
    this.tuples = tuples;
  }

  /**
   * Reads a segment's payload.
   *
   * @param direction who sends: 0 = the client
   * @return whether it announces a connection, and {@link ExpectedTuples} say which
   */
  boolean read(long payload, int bytes, int direction) {
    int port = direction == 0 ? readCommand(payload, bytes) : readReply(payload, bytes);
    if (port <= 0) {
      return false;
    }
    tuples.announce(direction, IpProtocol.TCP, port);
    return true;
  }

  /** Where the text that tells address and port begins. */
  long textStart() {
    return textStart;
  }

  /** How long it is. */
  int textBytes() {
    return (int) (textEnd - textStart);
  }

  /** Writes the text anew, with what the other side is to connect to. */
  void write(Replacement replacement) {
    int port = tuples.publicPort();
    ConnectionKey seen = tuples.expected;
    replacement.clear();
    switch (form) {
      case COMMAS -> {
        replacement.appendIpv4(seen.dstLo, ',');
        replacement.append(',');
        replacement.appendNumber(port >>> 8);
        replacement.append(',');
        replacement.appendNumber(port & 0xff);
      }
      case EXTENDED -> {
        if (tuples.isIpv6()) {
          replacement.appendIpv6(seen.dstHi, seen.dstLo);
        } else {
          replacement.appendIpv4(seen.dstLo, '.');
        }
        replacement.append(separator);
        replacement.appendNumber(port);
      }
      case PORT -> replacement.appendNumber(port);
    }
  }

  private boolean starts(String word) {
    isAnnouncement = text.acceptWord(word);
    return isAnnouncement;
  }

  private void rewind(long payload, int bytes) {
    text.set(payload, Math.min(bytes, MAX_LINE_BYTES));
  }

  /** Whether the last payload began like an announcement that could not be read. */
  boolean isUnreadable() {
    return isAnnouncement;
  }

  private int readCommand(long payload, int bytes) {
    rewind(payload, bytes);
    if (starts("PORT ")) {
      return text.skipToDigit() ? hostAndPort(0) : TextCursor.NO_NUMBER;
    }
    rewind(payload, bytes);
    return starts("EPRT ") ? extendedPort() : TextCursor.NO_NUMBER;
  }

  private int readReply(long payload, int bytes) {
    rewind(payload, bytes);
    if (starts("227 ")) {
      return text.skipToDigit() ? hostAndPort(1) : TextCursor.NO_NUMBER;
    }
    rewind(payload, bytes);
    return starts("229 ") && text.skipBehind('(') ? extendedPassive() : TextCursor.NO_NUMBER;
  }

  /** {@code h1,h2,h3,h4,p1,p2}. */
  private int hostAndPort(int direction) {
    form = Form.COMMAS;
    textStart = text.position();
    if (tuples.isIpv6() || !address.readIpv4(text, ',') || !isOwn(direction) || !text.accept(',')) {
      return TextCursor.NO_NUMBER;
    }
    int high = text.number(255);
    if (high == TextCursor.NO_NUMBER || !text.accept(',')) {
      return TextCursor.NO_NUMBER;
    }
    int low = text.number(255);
    textEnd = text.position();
    return low == TextCursor.NO_NUMBER ? low : high << 8 | low;
  }

  private boolean isOwn(int direction) {
    return tuples.isOwn(direction, address.high(), address.low());
  }

  /** {@code |family|address|port|}, whatever the separator. */
  private int extendedPort() {
    form = Form.EXTENDED;
    separator = text.next();
    int family = text.number(9);
    boolean isIpv6 = tuples.isIpv6();
    if (!isSeparator(separator) || family != (isIpv6 ? 2 : 1) || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    textStart = text.position();
    boolean isRead = isIpv6 ? address.readIpv6(text) : address.readIpv4(text, '.');
    if (!isRead || !isOwn(0) || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    return lastNumber();
  }

  /** {@code |||port|}, whatever the separator. */
  private int extendedPassive() {
    form = Form.PORT;
    separator = text.next();
    if (!isSeparator(separator) || !text.accept(separator) || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    textStart = text.position();
    return lastNumber();
  }

  private int lastNumber() {
    int port = text.number(MAX_PORT);
    textEnd = text.position();
    return text.accept(separator) ? port : TextCursor.NO_NUMBER;
  }

  /** RFC 2428 allows any printable character but a digit would be ambiguous. */
  private static boolean isSeparator(int c) {
    return c > ' ' && c < 127 && !TextCursor.isDigit(c);
  }
}
