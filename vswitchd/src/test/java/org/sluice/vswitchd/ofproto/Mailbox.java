package org.sluice.vswitchd.ofproto;

import java.util.ArrayDeque;
import java.util.Deque;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;

/** The peer's end of a session. */
final class Mailbox implements Session.Outbox {
  private final Deque<OfMessage> messages = new ArrayDeque<>();

  @Override
  public void send(int xid, OfMessage message) {
    messages.add(message);
  }

  @Override
  public void sendError(int xid, OfError error, OfMessage failed) {
    messages.add(new OfMessage.ErrorReport(error, Bytes.EMPTY));
  }

  @Override
  public void offer(OfMessage message) {
    messages.add(message);
  }

  /** The oldest message that nobody has read, or null. */
  OfMessage read() {
    return messages.poll();
  }
}
