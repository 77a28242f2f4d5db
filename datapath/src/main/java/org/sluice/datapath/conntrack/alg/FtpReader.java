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
 * not believed. A line may come in several segments. Where the announcer is translated, the text is
 * written anew; the beginning of such a line then waits for its end. Belongs to one packet thread.
 */
final class FtpReader implements PayloadReader {
  /** The longest line that is waited for. */
  static final int MAX_LINE_BYTES = 128;

  private static final int MAX_PORT = 0xffff;
  private static final String[] COMMANDS = {"PORT ", "EPRT "};
  private static final String[] REPLIES = {"227 ", "229 "};

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
  private Payload payload;
  private Form form = Form.PORT;
  private int textStart;
  private int textEnd;
  private int separator;

  @Override
  public void read(Payload read) {
    payload = read;
    int from = 0;
    int end = payload.endOfLine(0, payload.length());
    while (end >= 0) {
      readLine(from, end);
      from = end;
      end = payload.endOfLine(from, payload.length());
    }
    boolean isCommand = payload.direction() == 0;
    if (from < payload.length() && payload.mayBegin(from, isCommand ? COMMANDS : REPLIES)) {
      if (payload.length() - from > MAX_LINE_BYTES) {
        payload.countUnreadable();
      } else {
        payload.keepLine(from);
      }
    }
  }

  private void readLine(int from, int end) {
    String[] words = payload.direction() == 0 ? COMMANDS : REPLIES;
    text.set(payload.text(), from, end);
    if (text.acceptWord(words[0])) {
      announce(text.skipToDigit() ? hostAndPort() : TextCursor.NO_NUMBER);
      return;
    }
    text.set(payload.text(), from, end);
    if (text.acceptWord(words[1])) {
      announce(payload.direction() == 0 ? extendedPort() : extendedPassive());
    }
  }

  private void announce(int port) {
    if (port <= 0) {
      payload.countUnreadable();
      return;
    }
    payload.tuples().announce(payload.direction(), IpProtocol.TCP, port);
    int publicPort = payload.expect();
    if (publicPort == Payload.TOO_MANY) {
      payload.countUnreadable();
    } else if (payload.isRewritten() && payload.edit(textStart, textEnd)) {
      write(publicPort);
    }
  }

  /** Writes the text anew, with what the other side is to connect to. */
  private void write(int port) {
    Edits edits = payload.edits();
    ConnectionKey seen = payload.tuples().expected;
    switch (form) {
      case COMMAS -> {
        edits.appendIpv4(seen.dstLo, ',');
        edits.append(',');
        edits.appendNumber(port >>> 8);
        edits.append(',');
        edits.appendNumber(port & 0xff);
      }
      case EXTENDED -> {
        if (payload.isIpv6()) {
          edits.appendIpv6(seen.dstHi, seen.dstLo);
        } else {
          edits.appendIpv4(seen.dstLo, '.');
        }
        edits.append(separator);
        edits.appendNumber(port);
      }
      case PORT -> edits.appendNumber(port);
    }
  }

  /** {@code h1,h2,h3,h4,p1,p2}. */
  private int hostAndPort() {
    form = Form.COMMAS;
    textStart = text.position();
    if (payload.isIpv6() || !address.readIpv4(text, ',') || !isOwn() || !text.accept(',')) {
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

  private boolean isOwn() {
    return payload.tuples().isOwn(payload.direction(), address.high(), address.low());
  }

  /** {@code |family|address|port|}, whatever the separator. */
  private int extendedPort() {
    form = Form.EXTENDED;
    separator = text.next();
    int family = text.number(9);
    boolean isIpv6 = payload.isIpv6();
    if (!isSeparator(separator) || family != (isIpv6 ? 2 : 1) || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    textStart = text.position();
    boolean isRead = isIpv6 ? address.readIpv6(text) : address.readIpv4(text, '.');
    if (!isRead || !isOwn() || !text.accept(separator)) {
      return TextCursor.NO_NUMBER;
    }
    return lastNumber();
  }

  /** {@code (|||port|)}, whatever the separator. */
  private int extendedPassive() {
    form = Form.PORT;
    if (!text.skipBehind('(')) {
      return TextCursor.NO_NUMBER;
    }
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
