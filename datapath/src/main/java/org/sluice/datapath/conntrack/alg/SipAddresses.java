package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;

/**
 * Finds the addresses in a line of a SIP message that are those of the connection's ends, and edits
 * them to what they are on the other side: the sender's becomes the one it is seen under, the one
 * it sends to becomes the receiver's own. Scratch of one packet thread.
 */
final class SipAddresses {
  private static final int DEFAULT_PORT = 5060;
  private static final int MAX_PORT = 0xffff;

  /** Told of every address of the sender. */
  interface Listener {
    /** Which port stands for {@code port} on the other side; -1 to leave that to the tuples. */
    int publicPort(int port);
  }

  private final TextCursor text = new TextCursor();
  private final AddressReader address = new AddressReader();
  private Payload payload;
  private Listener listener;
  private boolean isToReceiver;

  /** Looks at a line of {@code payload}. */
  void edit(Payload line, int from, int end, Listener told) {
    payload = line;
    listener = told;
    isToReceiver = false;
    text.set(payload.text(), from, end);
    boolean isQuoted = false;
    int before = ' ';
    while (text.peek() != TextCursor.END) {
      int c = text.peek();
      if (c == '"') {
        isQuoted = !isQuoted;
      } else if (c == '\\' && isQuoted) {
        text.next();
      } else if (!isQuoted && isBoundary(before) && readAddress(c, before)) {
        before = '0';
        continue;
      } else if (!isQuoted && c == ';') {
        editReturnPort();
      }
      before = text.next();
    }
  }

  private static boolean isBoundary(int before) {
    boolean isLetter = TextCursor.lower(before) >= 'a' && TextCursor.lower(before) <= 'z';
    return !isLetter && !TextCursor.isDigit(before) && before != '.' && before != '-';
  }

  /** Reads an address if there is one; the cursor has moved only if so. */
  private boolean readAddress(int c, int before) {
    int start = text.position();
    boolean isBracketed = c == '[';
    boolean isIpv6 = payload.isIpv6();
    boolean isRead;
    if (isIpv6) {
      text.moveTo(isBracketed ? start + 1 : start);
      isRead = (isBracketed || before == '=') && address.readIpv6(text);
      isRead = isRead && (!isBracketed || text.accept(']'));
    } else {
      isRead = TextCursor.isDigit(c) && address.readIpv4(text, '.');
    }
    int end = text.position();
    if (!isRead || !isEnd(text.peek())) {
      text.moveTo(start);
      return false;
    }
    int port = -1;
    if (text.peek() == ':' && TextCursor.isDigit(text.peek(1))) {
      text.next();
      port = text.number(MAX_PORT);
    }
    if (text.peek() != '@') {
      found(start, end, port, isBracketed);
    }
    return true;
  }

  private static boolean isEnd(int c) {
    return isBoundary(c) || c == TextCursor.END;
  }

  private void found(int start, int end, int port, boolean isBracketed) {
    int direction = payload.direction();
    ConnectionKey own = payload.tuples().own(direction);
    ConnectionKey seen = payload.tuples().seen(direction);
    long high = address.high();
    long low = address.low();
    int effective = port < 0 ? DEFAULT_PORT : port;
    if (own.srcHi == high && own.srcLo == low) {
      int told = listener == null ? -1 : listener.publicPort(effective);
      boolean isSignalling = effective == ConnectionKey.sourcePort(own.word);
      int other = isSignalling ? ConnectionKey.destinationPort(seen.word) : effective;
      put(start, end, port, isBracketed, seen.dstHi, seen.dstLo, told < 0 ? other : told);
    } else if (own.dstHi == high && own.dstLo == low) {
      isToReceiver = true;
      boolean isSignalling = effective == ConnectionKey.destinationPort(own.word);
      int other = isSignalling ? ConnectionKey.sourcePort(seen.word) : effective;
      put(start, end, port, isBracketed, seen.srcHi, seen.srcLo, other);
    }
  }

  private void put(
      int start, int end, int port, boolean isBracketed, long high, long low, int newPort) {
    boolean isSamePort = newPort == (port < 0 ? DEFAULT_PORT : port);
    boolean isSame = isSamePort && high == address.high() && low == address.low();
    if (isSame || !payload.isTranslated()) {
      return;
    }
    int until = port < 0 ? end : text.position();
    if (!payload.edit(start, until)) {
      return;
    }
    Edits edits = payload.edits();
    if (payload.isIpv6()) {
      appendIpv6(edits, high, low, isBracketed);
    } else {
      edits.appendIpv4(low, '.');
    }
    boolean canHavePort = !payload.isIpv6() || isBracketed;
    if (canHavePort && (port >= 0 || (!isSamePort && !isParameter(start)))) {
      edits.append(':');
      edits.appendNumber(newPort);
    }
  }

  private static void appendIpv6(Edits edits, long high, long low, boolean isBracketed) {
    if (isBracketed) {
      edits.append('[');
    }
    edits.appendIpv6(high, low);
    if (isBracketed) {
      edits.append(']');
    }
  }

  /** Whether it is a parameter's value, such as {@code received=10.0.0.1}. */
  private boolean isParameter(int start) {
    return start > 0 && payload.text()[start - 1] == '=';
  }

  /** {@code ;rport=5060}: the port from which the receiver's request came. */
  private void editReturnPort() {
    int start = text.position();
    text.next();
    if (TextCursor.lower(text.peek()) == 'r' && isToReceiver && text.acceptWord("RPORT=")) {
      int from = text.position();
      int port = text.number(MAX_PORT);
      int end = text.position();
      ConnectionKey own = payload.tuples().own(payload.direction());
      ConnectionKey seen = payload.tuples().seen(payload.direction());
      int other = ConnectionKey.sourcePort(seen.word);
      if (port == ConnectionKey.destinationPort(own.word)
          && port != other
          && payload.isTranslated()
          && payload.edit(from, end)) {
        payload.edits().appendNumber(other);
      }
    }
    text.moveTo(start);
  }
}
