package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.packet.IpProtocol;

/**
 * Reads what the host that is backed up by Amanda answers: the ports that the backup server is to
 * connect to.
 *
 * <pre>
 *   CONNECT DATA 50000 MESG 50001 INDEX 50002
 * </pre>
 *
 * <p>As answers may take long, a request lets the connection live for five minutes. Belongs to one
 * packet thread.
 */
final class AmandaReader implements PayloadReader {
  private static final long LIFETIME_MS = 180_000;
  private static final long PATIENCE_MS = 300_000;
  private static final int MAX_PORT = 0xffff;

  /** Ports of one answer. */
  private static final int MAX_PORTS = 4;

  private final TextCursor text = new TextCursor();
  private Payload payload;

  @Override
  public void read(Payload read) {
    payload = read;
    if (payload.direction() == 0) {
      payload.prolong(PATIENCE_MS);
      return;
    }
    int from = 0;
    while (from >= 0 && from < payload.length()) {
      int end = payload.endOfLine(from, payload.length());
      text.set(payload.text(), from, end < 0 ? payload.length() : end);
      if (text.acceptWord("CONNECT ")) {
        readPorts();
        return;
      }
      from = end;
    }
  }

  /** Names, each with a port; 0 stands for none. */
  private void readPorts() {
    int ports = 0;
    text.skipBlanks();
    while (ports < MAX_PORTS && TextCursor.lower(text.peek()) >= 'a') {
      if (!text.skipBehind(' ')) {
        payload.countUnreadable();
        return;
      }
      int start = text.position();
      int port = text.number(MAX_PORT);
      int after = text.peek();
      if (port == TextCursor.NO_NUMBER || (after != ' ' && after != '\r' && after != '\n')) {
        payload.countUnreadable();
        return;
      }
      if (port != 0) {
        announce(start, text.position(), port);
      }
      text.skipBlanks();
      ports++;
    }
  }

  private void announce(int start, int end, int port) {
    payload.tuples().announce(1, IpProtocol.TCP, port);
    payload.tuples().expiresMs = payload.nowMs() + LIFETIME_MS;
    int publicPort = payload.expect();
    if (publicPort == Payload.TOO_MANY) {
      payload.countUnreadable();
    } else if (publicPort != port && payload.edit(start, end)) {
      payload.edits().appendNumber(publicPort);
    }
  }
}
