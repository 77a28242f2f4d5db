package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Reads the offers that an IRC client makes to another one, to connect to it past the server.
 *
 * <pre>
 *   PRIVMSG name :^ADCC SEND file 167772161 40001 12345^A      an address as one decimal number
 * </pre>
 *
 * <p>The other client may have any address. An address of the offer that is neither the client's
 * own nor the one it is seen under is not believed. A line may come in several segments; where the
 * client is translated, its beginning then waits for its end. Belongs to one packet thread.
 */
final class IrcReader implements PayloadReader {
  /** The longest line that the protocol allows. */
  static final int MAX_LINE_BYTES = 512;

  private static final long LIFETIME_MS = 600_000;
  private static final int MAX_PORT = 0xffff;
  private static final int MARKER = 1;
  private static final String[] MESSAGES = {"PRIVMSG ", "NOTICE "};
  private static final String[] OFFERS = {"SEND ", "CHAT ", "MOVE ", "TSEND ", "SCHAT "};

  private final TextCursor text = new TextCursor();
  private Payload payload;

  @Override
  public void read(Payload read) {
    payload = read;
    if (payload.direction() != 0 || payload.isIpv6()) {
      return;
    }
    int from = 0;
    int end = payload.endOfLine(0, payload.length());
    while (end >= 0) {
      readLine(from, end);
      from = end;
      end = payload.endOfLine(from, payload.length());
    }
    int bytes = payload.length() - from;
    if (bytes > 0 && bytes <= MAX_LINE_BYTES && payload.mayBegin(from, MESSAGES)) {
      payload.keepLine(from);
    }
  }

  private void readLine(int from, int end) {
    text.set(payload.text(), from, end);
    if (!text.skipBehind(MARKER) || !text.acceptWord("DCC ")) {
      return;
    }
    int offer = text.position();
    for (String word : OFFERS) {
      text.moveTo(offer);
      if (text.acceptWord(word)) {
        readOffer();
        return;
      }
    }
  }

  /** A file name of one word, then address and port. */
  private void readOffer() {
    boolean isQuoted = text.peek() == '"';
    text.next();
    boolean isName = text.skipBehind(isQuoted ? '"' : ' ');
    text.skipBlanks();
    int start = text.position();
    long address = text.number32();
    boolean isAddress = isName && address >= 0 && text.accept(' ') && isOwn(address);
    int port = isAddress ? text.number(MAX_PORT) : TextCursor.NO_NUMBER;
    int after = text.peek();
    if (port <= 0 || (after != ' ' && after != MARKER)) {
      payload.countUnreadable();
      return;
    }
    announce(start, text.position(), port);
  }

  private boolean isOwn(long address) {
    ExpectedTuples tuples = payload.tuples();
    return tuples.isOwn(0, 0, address) || tuples.seen(0).dstLo == address;
  }

  private void announce(int start, int end, int port) {
    ExpectedTuples tuples = payload.tuples();
    tuples.announce(0, IpProtocol.TCP, port);
    tuples.fromAnywhere();
    tuples.expiresMs = payload.nowMs() + LIFETIME_MS;
    int publicPort = payload.expect();
    if (publicPort == Payload.TOO_MANY) {
      payload.countUnreadable();
    } else if (payload.isRewritten() && payload.edit(start, end)) {
      ConnectionKey seen = tuples.expected;
      payload.edits().appendNumber(seen.dstLo);
      payload.edits().append(' ');
      payload.edits().appendNumber(publicPort);
    }
  }
}
