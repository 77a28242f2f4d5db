package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Reads SIP (RFC 3261) over UDP and TCP: where registered users and the media of calls can be
 * reached.
 *
 * <p>A session's media are expected from the other end of the signalling connection, at the
 * sender's own address; they are taken back by BYE and by a failing answer to INVITE. A registered
 * contact is expected to be called once the registrar has agreed, for as long as it says.
 * Signalling over UDP lives for an hour, as between two registrations nothing may be said.
 *
 * <p>Where an end is translated, addresses are edited in start line, Via, Contact, From, To, Route,
 * Record-Route and the session, and Content-Length follows. Of a message in several TCP segments
 * the headers are edited when they are there, and the session only if its length stays. Belongs to
 * one packet thread.
 */
final class SipReader implements PayloadReader, SipAddresses.Listener {
  /** The longest beginning of a message that waits for its end. */
  static final int MAX_HELD_BYTES = 512;

  /** Datagrams up to this length keep the connection alive and say nothing. */
  private static final int KEEP_ALIVE_BYTES = 4;

  /** How long a registrar may take for its answer. */
  private static final long ANSWER_MS = 64_000;

  private static final long SIGNALLING_MS = 3_600_000;
  private static final long DEFAULT_EXPIRES_S = 3600;

  private final SipMessage message = new SipMessage();
  private final SipAddresses addresses = new SipAddresses();
  private final SdpReader session = new SdpReader();
  private final TextCursor text = new TextCursor();
  private Payload payload;

  @Override
  public void read(Payload read) {
    payload = read;
    if (payload.protocol() == IpProtocol.UDP) {
      readDatagram();
    } else {
      readStream();
    }
  }

  private void readDatagram() {
    if (payload.length() <= KEEP_ALIVE_BYTES) {
      return;
    }
    int headers = SipMessage.endOfHeaders(payload.text(), 0, payload.length());
    int end = headers == SipMessage.NONE ? payload.length() : headers;
    if (!message.read(payload.text(), 0, end)) {
      payload.countUnreadable();
      return;
    }
    payload.prolong(SIGNALLING_MS);
    int body = message.contentLength();
    boolean isCut = body > payload.length() - end;
    readHeaders(0, end);
    readBody(end, isCut || body == SipMessage.NONE ? payload.length() : end + body);
  }

  private void readStream() {
    int from = skipEmptyLines(0);
    while (from < payload.length()) {
      int headers = SipMessage.endOfHeaders(payload.text(), from, payload.length());
      if (headers == SipMessage.NONE) {
        keepHeaders(from);
        return;
      }
      if (!message.read(payload.text(), from, headers)) {
        payload.countUnreadable();
        return;
      }
      if (headers > payload.carried() - payload.held()) {
        readHeaders(from, headers);
      }
      int end = headers + Math.max(message.contentLength(), 0);
      if (end > payload.length()) {
        payload.keep(from);
        return;
      }
      readBody(headers, end);
      from = skipEmptyLines(end);
    }
  }

  private int skipEmptyLines(int from) {
    int at = from;
    byte[] bytes = payload.text();
    while (at < payload.length() && (bytes[at] == '\r' || bytes[at] == '\n')) {
      at++;
    }
    return at;
  }

  private void keepHeaders(int from) {
    if (payload.isTranslated() && payload.length() - from <= MAX_HELD_BYTES && isPromising(from)) {
      payload.hold(from);
    } else {
      payload.keep(from);
    }
  }

  /** Whether it looks like the beginning of a start line: letters, then a blank or the slash. */
  private boolean isPromising(int from) {
    text.set(payload.text(), from, payload.length());
    while (text.peek() >= 'A' && text.peek() <= 'Z') {
      text.next();
    }
    return text.peek() == ' ' || text.peek() == '/' || text.peek() == TextCursor.END;
  }

  // --- Headers.

  private void readHeaders(int from, int end) {
    boolean isRegistration = message.method().equals("REGISTER");
    if (isRegistration && message.status() != 0) {
      readRegistrarAnswer();
    }
    if (!payload.isTranslated() && !isRegistration) {
      return;
    }
    int line = SipMessage.endOfLine(payload.text(), from, end);
    addresses.edit(payload, from, line, null);
    SipMessage.Header header = SipMessage.Header.OTHER;
    while (line < end) {
      int next = SipMessage.endOfLine(payload.text(), line, end);
      text.set(payload.text(), line, next);
      boolean isContinued = text.peek() == ' ' || text.peek() == '\t';
      header = isContinued ? header : SipMessage.header(text);
      if (header.holdsAddresses()) {
        boolean isCallable =
            isRegistration && message.status() == 0 && header == SipMessage.Header.CONTACT;
        addresses.edit(payload, line, next, isCallable ? this : null);
      }
      line = next;
    }
  }

  /** Expects that a registered contact is called at {@code port}. */
  @Override
  public int publicPort(int port) {
    int direction = payload.direction();
    if (message.expiresS() == 0 || port == 0) {
      return -1;
    }
    ExpectedTuples tuples = payload.tuples();
    tuples.announce(direction, payload.protocol(), port);
    if (port == ConnectionKey.sourcePort(tuples.own(direction).word)) {
      tuples.setPublicPort(ConnectionKey.destinationPort(tuples.seen(direction).word));
    }
    tuples.call = message.call();
    tuples.isProvisional = true;
    tuples.expiresMs = payload.nowMs() + ANSWER_MS;
    tuples.gateway = Gateway.SIP;
    int publicPort = payload.expect();
    if (publicPort == Payload.TOO_MANY) {
      payload.countUnreadable();
    }
    return publicPort;
  }

  private void readRegistrarAnswer() {
    long seconds = message.expiresS();
    if (seconds == SipMessage.NONE) {
      seconds = message.hasContact() ? DEFAULT_EXPIRES_S : 0;
    }
    if (message.status() >= 300 || (message.status() >= 200 && seconds == 0)) {
      payload.forgetCall(message.call());
    } else if (message.status() >= 200) {
      payload.confirm(message.call(), payload.nowMs() + seconds * 1000);
      payload.prolong(seconds * 1000);
    }
  }

  // --- The session.

  private void readBody(int from, int end) {
    boolean isInvitation = message.method().equals("INVITE");
    boolean isOver = message.method().equals("BYE") && message.status() == 0;
    if (isOver || (isInvitation && message.status() >= 300)) {
      payload.forgetCall(message.call());
      return;
    }
    boolean isAgreed = message.status() < 300 && !message.method().isEmpty();
    if (!message.isSession() || !isAgreed || from >= end) {
      return;
    }
    session.read(payload, from, end, message.call());
    int longer = payload.edits().longer(from, end);
    if (longer == 0 || message.contentLength() == SipMessage.NONE) {
      return;
    }
    boolean isSent = message.lengthStart() < payload.carried() - payload.held();
    if (!isSent && payload.edit(message.lengthStart(), message.lengthEnd())) {
      payload.edits().appendNumber(message.contentLength() + longer);
    } else {
      payload.edits().dropFrom(from);
      payload.countUnreadable();
    }
  }
}
