package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.packet.IpProtocol;

/**
 * Reads where a session's media are to be sent to (RFC 4566), and expects each of them at its port
 * and, for the reports on it, the next one or the one that {@code a=rtcp:} names.
 *
 * <pre>
 *   o=- 1 1 IN IP4 10.0.0.1
 *   c=IN IP4 10.0.0.1             for all media that say nothing else
 *   m=audio 49170 RTP/AVP 0
 *   m=video 49172 RTP/AVP 31
 *   c=IN IP4 10.0.0.7             for the video; not the sender's own address, so not expected
 * </pre>
 *
 * <p>Scratch of one packet thread.
 */
final class SdpReader {
  /** Media of one description that are looked at. */
  static final int MAX_MEDIA = 8;

  /** How long media are waited for. */
  static final long LIFETIME_MS = 180_000;

  private static final int MAX_PORT = 0xffff;

  private final TextCursor text = new TextCursor();
  private final AddressReader address = new AddressReader();
  private Payload payload;
  private int call;
  private long expiresMs;
  private boolean isSessionOwn;
  private boolean isMediaOwn;
  private int port;
  private int portStart;
  private int portEnd;
  private int reportPort;
  private int reportStart;
  private int reportEnd;

  /** Reads a description; edits it where the sender is hidden. */
  void read(Payload described, int from, int end, int callHash) {
    payload = described;
    call = callHash;
    expiresMs = payload.nowMs() + LIFETIME_MS;
    isSessionOwn = false;
    port = 0;
    int media = 0;
    int line = from;
    while (line < end && media <= MAX_MEDIA) {
      int next = SipMessage.endOfLine(payload.text(), line, end);
      text.set(payload.text(), line, next);
      int type = text.next();
      if (text.accept('=')) {
        media += readLine(type, media > 0);
      }
      line = next;
    }
    finishMedia();
    payload.forgetOthers(call, expiresMs);
  }

  /** Reads a line; 1 if it begins another medium. */
  private int readLine(int type, boolean isInMedia) {
    switch (type) {
      case 'o' -> skipWords(3);
      case 'c' -> readConnection(isInMedia);
      case 'a' -> readReport(isInMedia);
      case 'm' -> {
        finishMedia();
        beginMedia();
        return 1;
      }
      default -> {}
    }
    if (type == 'o') {
      readAddress();
    }
    return 0;
  }

  private void skipWords(int words) {
    for (int i = 0; i < words; i++) {
      text.skipBehind(' ');
    }
  }

  private void readConnection(boolean isInMedia) {
    boolean isOwn = readAddress();
    if (isInMedia) {
      isMediaOwn = isOwn;
    } else {
      isSessionOwn = isOwn;
    }
  }

  /** {@code IN IP4 address}, edited if it is the sender's own; whether it is. */
  private boolean readAddress() {
    boolean isIpv6 = payload.isIpv6();
    if (!text.acceptWord(isIpv6 ? "IN IP6 " : "IN IP4 ")) {
      return false;
    }
    int start = text.position();
    boolean isRead = isIpv6 ? address.readIpv6(text) : address.readIpv4(text, '.');
    if (!isRead || !payload.tuples().isOwn(payload.direction(), address.high(), address.low())) {
      return false;
    }
    if (payload.isRewritten() && payload.edit(start, text.position())) {
      ConnectionKey seen = payload.tuples().seen(payload.direction());
      if (isIpv6) {
        payload.edits().appendIpv6(seen.dstHi, seen.dstLo);
      } else {
        payload.edits().appendIpv4(seen.dstLo, '.');
      }
    }
    return true;
  }

  /** {@code audio 49170 RTP/AVP 0}; what goes over TCP is not looked at. */
  private void beginMedia() {
    isMediaOwn = isSessionOwn;
    reportPort = 0;
    text.skipBehind(' ');
    portStart = text.position();
    int number = text.number(MAX_PORT);
    portEnd = text.position();
    text.skipBehind(' ');
    boolean isTcp = TextCursor.lower(text.peek()) == 't';
    port = isTcp ? 0 : Math.max(number, 0);
  }

  /** {@code rtcp:49171}. */
  private void readReport(boolean isInMedia) {
    if (isInMedia && text.acceptWord("RTCP:")) {
      reportStart = text.position();
      reportPort = Math.max(text.number(MAX_PORT), 0);
      reportEnd = text.position();
    }
  }

  private void finishMedia() {
    if (port == 0 || !isMediaOwn) {
      return;
    }
    boolean isPair = port < MAX_PORT && (reportPort == 0 || reportPort == port + 1);
    int publicPort = expect(port, isPair);
    put(portStart, portEnd, port, publicPort);
    if (reportPort != 0 && publicPort != Payload.TOO_MANY) {
      int publicReportPort = isPair ? publicPort + 1 : expect(reportPort, false);
      put(reportStart, reportEnd, reportPort, publicReportPort);
    }
    port = 0;
  }

  private int expect(int ownPort, boolean isPair) {
    ExpectedTuples tuples = payload.tuples();
    tuples.announce(payload.direction(), IpProtocol.UDP, ownPort);
    tuples.call = call;
    tuples.expiresMs = expiresMs;
    int publicPort = isPair ? payload.expectPair() : payload.expect();
    if (publicPort == Payload.TOO_MANY) {
      payload.countUnreadable();
    }
    return publicPort;
  }

  private void put(int start, int end, int before, int after) {
    if (after != Payload.TOO_MANY && after != before && payload.edit(start, end)) {
      payload.edits().appendNumber(after);
    }
  }
}
