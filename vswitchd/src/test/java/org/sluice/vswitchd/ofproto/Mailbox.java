package org.sluice.vswitchd.ofproto;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;

/** The peer's end of a session. */
final class Mailbox implements Session.Outbox {
  private final Deque<OfMessage> messages = new ArrayDeque<>();
  private boolean full;
  private boolean givenUp;
  private Runnable meanwhile = () -> {};

  @Override
  public void send(int xid, OfMessage message) {
    messages.add(message);
  }

  @Override
  public void sendError(int xid, OfError error, OfMessage failed) {
    messages.add(new OfMessage.ErrorReport(error, Bytes.EMPTY));
  }

  @Override
  public boolean offer(List<? extends OfMessage> offered) {
    return !full && messages.addAll(offered);
  }

  @Override
  public void awaitRoom() {
    meanwhile.run();
  }

  /** What happens while somebody waits for room. */
  void setMeanwhile(Runnable happening) {
    meanwhile = happening;
  }

  @Override
  public boolean isEmpty() {
    return messages.isEmpty();
  }

  @Override
  public void giveUp() {
    givenUp = true;
  }

  /** Whether there is no room for events. */
  void setFull(boolean isFull) {
    full = isFull;
  }

  /** Whether the switch has ended the connection. */
  boolean isGivenUp() {
    return givenUp;
  }

  /** The oldest message that nobody has read, or null. */
  OfMessage read() {
    return messages.poll();
  }
}
