package org.sluice.datapath.conntrack.alg;

/**
 * Reads the start line and the header fields of a SIP message (RFC 3261), in their long and compact
 * forms. Scratch of one packet thread.
 */
final class SipMessage {
  /** Answer: there is no such thing. */
  static final int NONE = -1;

  /** What a header field is to a gateway. */
  enum Header {
    /** Nothing. */
    OTHER("", ""),
    VIA("via", "v"),
    CONTACT("contact", "m"),
    FROM("from", "f"),
    TO("to", "t"),
    ROUTE("route", ""),
    RECORD_ROUTE("record-route", ""),
    CALL_ID("call-id", "i"),
    COMMAND("cseq", ""),
    CONTENT_LENGTH("content-length", "l"),
    CONTENT_TYPE("content-type", "c"),
    EXPIRES("expires", "");

    private final String name;
    private final String compact;

    Header(String name, String compact) {
      this.name = name;
      this.compact = compact;
    }

    /** Whether addresses are written there that others send to. */
    boolean holdsAddresses() {
      return switch (this) {
        case VIA, CONTACT, FROM, TO, ROUTE, RECORD_ROUTE -> true;
        default -> false;
      };
    }
  }

  private static final Header[] HEADERS = Header.values();
  private static final int MAX_METHOD_BYTES = 16;
  private static final int MAX_CONTENT_BYTES = 65_535;
  private static final int MAX_EXPIRES_S = 86_400;
  private static final String VERSION = "SIP/2.0";

  private final TextCursor text = new TextCursor();
  private int status;
  private String method = "";
  private int call;
  private int contentLength;
  private int lengthStart;
  private int lengthEnd;
  private boolean isSession;
  private boolean hasContact;
  private long expiresS;

  /** The status of a response; 0 for a request. */
  int status() {
    return status;
  }

  /** Of a request the method, of a response what it answers; "" for one that does not matter. */
  String method() {
    return method;
  }

  /** A hash of the call's name, not 0. */
  int call() {
    return call;
  }

  /** Bytes of the body; {@link #NONE} if the message does not say. */
  int contentLength() {
    return contentLength;
  }

  /** Where the digits that say so begin. */
  int lengthStart() {
    return lengthStart;
  }

  /** Where they end. */
  int lengthEnd() {
    return lengthEnd;
  }

  /** Whether the body describes a session. */
  boolean isSession() {
    return isSession;
  }

  /** Whether it says where its sender, or whom a registrar knows, can be reached. */
  boolean hasContact() {
    return hasContact;
  }

  /** How long that is to count; {@link #NONE} if the message does not say. */
  long expiresS() {
    return expiresS;
  }

  /** Where the body would begin; {@link #NONE} if the empty line before it is not there yet. */
  static int endOfHeaders(byte[] bytes, int from, int until) {
    int lineStart = from;
    for (int at = from; at < until; at++) {
      if (bytes[at] == '\n') {
        boolean isEmpty = at == lineStart || (at == lineStart + 1 && bytes[lineStart] == '\r');
        if (isEmpty) {
          return at + 1;
        }
        lineStart = at + 1;
      }
    }
    return NONE;
  }

  /** Where a line ends, its end included, that has one before {@code until}. */
  static int endOfLine(byte[] bytes, int from, int until) {
    int at = from;
    while (at < until && bytes[at] != '\n') {
      at++;
    }
    return Math.min(at + 1, until);
  }

  /** Reads a message's headers; false if it is none. */
  boolean read(byte[] bytes, int from, int end) {
    contentLength = NONE;
    isSession = false;
    hasContact = false;
    expiresS = NONE;
    call = 0;
    int line = endOfLine(bytes, from, end);
    text.set(bytes, from, line);
    if (!readStart(bytes, from, line)) {
      return false;
    }
    while (line < end) {
      int next = endOfLine(bytes, line, end);
      text.set(bytes, line, next);
      readHeader(bytes, next);
      line = next;
    }
    return call != 0;
  }

  private boolean readStart(byte[] bytes, int from, int end) {
    if (text.acceptWord(VERSION) && text.accept(' ')) {
      status = text.number(699);
      method = "";
      return status >= 100;
    }
    status = 0;
    text.moveTo(from);
    method = readMethod();
    int trimmed = end;
    while (trimmed > from && bytes[trimmed - 1] <= ' ') {
      trimmed--;
    }
    text.set(bytes, Math.max(trimmed - VERSION.length(), from), trimmed);
    return !method.equals("?") && text.acceptWord(VERSION) && text.peek() == TextCursor.END;
  }

  /** A word in capitals: one that matters, "" for another one, "?" for none. */
  private String readMethod() {
    int start = text.position();
    for (String known : new String[] {"INVITE", "REGISTER", "BYE", "UPDATE", "PRACK", "ACK"}) {
      text.moveTo(start);
      if (text.acceptWord(known) && text.peek() <= ' ') {
        return known;
      }
    }
    text.moveTo(start);
    int letters = 0;
    while (text.peek() >= 'A' && text.peek() <= 'Z' && letters <= MAX_METHOD_BYTES) {
      text.next();
      letters++;
    }
    return letters == 0 || text.peek() != ' ' ? "?" : "";
  }

  /** Reads a header's name and the colon behind it; the cursor is left at its value. */
  static Header header(TextCursor text) {
    int start = text.position();
    for (Header header : HEADERS) {
      if (header != Header.OTHER
          && (isNamed(text, start, header.name) || isNamed(text, start, header.compact))) {
        return header;
      }
    }
    return Header.OTHER;
  }

  private static boolean isNamed(TextCursor text, int start, String name) {
    text.moveTo(start);
    for (int i = 0; i < name.length(); i++) {
      if (TextCursor.lower(text.next()) != name.charAt(i)) {
        return false;
      }
    }
    text.skipBlanks();
    boolean isNamed = !name.isEmpty() && text.accept(':');
    text.skipBlanks();
    return isNamed;
  }

  private void readHeader(byte[] bytes, int end) {
    switch (header(text)) {
      case CALL_ID -> readCall();
      case COMMAND -> {
        text.number32();
        text.skipBlanks();
        if (status != 0) {
          method = readMethod();
        }
      }
      case CONTENT_LENGTH -> {
        lengthStart = text.position();
        contentLength = text.number(MAX_CONTENT_BYTES);
        lengthEnd = text.position();
      }
      case CONTENT_TYPE -> isSession = text.acceptWord("APPLICATION/SDP");
      case EXPIRES -> {
        long seconds = text.number32();
        expiresS = expiresS == NONE && seconds >= 0 ? Math.min(seconds, MAX_EXPIRES_S) : expiresS;
      }
      case CONTACT -> readContact(bytes, end);
      default -> {}
    }
  }

  private void readCall() {
    int hash = 17;
    while (text.peek() > ' ') {
      hash = 31 * hash + text.next();
    }
    call = hash == 0 ? 1 : hash;
  }

  /** A contact's own time goes before the message's. */
  private void readContact(byte[] bytes, int end) {
    hasContact = true;
    while (text.skipBehind(';')) {
      if (text.peek() == 'e' || text.peek() == 'E') {
        int parameter = text.position();
        if (text.acceptWord("EXPIRES=")) {
          long seconds = text.number32();
          expiresS = seconds < 0 ? expiresS : Math.min(seconds, MAX_EXPIRES_S);
          return;
        }
        text.set(bytes, parameter, end);
      }
    }
  }
}
