package org.sluice.datapath.conntrack.alg;

import org.sluice.datapath.packet.IpProtocol;

/**
 * Reads PPTP's control connection (RFC 2637): the call ids under which both sides will send each
 * other GRE packets.
 *
 * <pre>
 *    0  short  length                 8  short  kind of message       12  short  call id
 *    2  short  1 = control           10  short  0                     14  short  the peer's call id
 *    4  int    0x1a2b3c4d                                             16  byte   result, 1 = fine
 * </pre>
 *
 * <p>A side names its own id in its request or reply, and the other one's wherever it speaks of it.
 * An expectation has the id that packets carry in the place of a port, and, once the call is agreed
 * on, the sender's id for what it is called by: with both the packets of a call have a tuple like
 * one with ports. Behind a translation an id that is in use becomes another. Belongs to one packet
 * thread.
 */
final class PptpReader implements PayloadReader {
  private static final int HEADER_BYTES = 12;
  private static final int MIN_BYTES = 16;
  private static final int MAX_BYTES = 512;
  private static final int MAGIC = 0x1a2b_3c4d;
  private static final int CONTROL = 1;
  private static final int ID = 12;
  private static final int PEER_ID = 14;
  private static final int RESULT = 16;
  private static final int AGREED = 1;

  private Payload payload;

  @Override
  public void read(Payload read) {
    payload = read;
    int from = 0;
    while (from < payload.length()) {
      int left = payload.length() - from;
      if (left < HEADER_BYTES) {
        keep(from);
        return;
      }
      int bytes = number(from);
      boolean isMessage =
          number(from + 4) << 16 == MAGIC >>> 16 << 16 && number(from + 2) == CONTROL;
      isMessage &= number(from + 6) == (MAGIC & 0xffff);
      if (!isMessage || bytes < MIN_BYTES || bytes > MAX_BYTES) {
        payload.countUnreadable();
        return;
      }
      if (bytes > left) {
        keep(from);
        return;
      }
      readMessage(from, bytes);
      from += bytes;
    }
  }

  private void keep(int from) {
    if (payload.isTranslated()) {
      payload.hold(from);
    } else {
      payload.keep(from);
    }
  }

  private int number(int at) {
    byte[] text = payload.text();
    return (text[at] & 0xff) << 8 | (text[at + 1] & 0xff);
  }

  private void readMessage(int from, int bytes) {
    switch (number(from + 8)) {
      case 7, 9 -> readRequest(from); // outgoing and incoming call request
      case 8, 10 -> readReply(from, bytes);
      case 12, 13 -> renameOwn(from); // clear request, disconnect notice
      case 11, 14, 15 -> renamePeer(from + ID, 0); // connected, errors, link information
      default -> {}
    }
  }

  /** The peer's packets are going to carry the id; they count when it has agreed. */
  private void readRequest(int from) {
    announce(number(from + ID), 0);
    payload.tuples().isProvisional = true;
    put(from + ID, payload.expect());
  }

  private void announce(int id, int peerId) {
    payload.tuples().announce(payload.direction(), IpProtocol.GRE, id);
    payload.tuples().call = peerId;
  }

  private void readReply(int from, int bytes) {
    if (bytes <= RESULT) {
      payload.countUnreadable();
      return;
    }
    boolean isAgreed = payload.text()[from + RESULT] == AGREED;
    int own = number(from + ID);
    int peer = renamePeer(from + PEER_ID, isAgreed ? own : 0);
    if (isAgreed && peer >= 0) {
      announce(own, peer);
      put(from + ID, payload.expect());
    }
  }

  private void renameOwn(int from) {
    announce(number(from + ID), 0);
    int publicId = payload.publicPort();
    if (publicId >= 0) {
      put(from + ID, publicId);
    }
  }

  /** Names the peer as it names itself; the id, -1 if there is no such call. */
  private int renamePeer(int at, int agreedId) {
    payload.tuples().announce(1 - payload.direction(), IpProtocol.GRE, number(at));
    int id = payload.peerPort(agreedId);
    if (id < 0) {
      payload.countUnreadable();
    } else {
      put(at, id);
    }
    return id;
  }

  private void put(int at, int id) {
    if (id == Payload.TOO_MANY) {
      payload.countUnreadable();
    } else if (id != number(at) && payload.edit(at, at + 2)) {
      payload.edits().append(id >>> 8);
      payload.edits().append(id);
    }
  }
}
