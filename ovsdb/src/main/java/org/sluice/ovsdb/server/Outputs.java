package org.sluice.ovsdb.server;

import java.util.ArrayList;
import java.util.List;

/**
 * What one batch of requests has to say to whom, in order, kept back until the batch is durable.
 * Belongs to the writer thread.
 */
final class Outputs {
  /** One message for one session, in pieces. Immutable. */
  private static final class Output {
    final Session session;
    final byte[][] message;

    Output(Session session, byte[][] message) {
      this.session = session;
      this.message = message;
    }
  }

  private final MessageLog messages;
  private final ServerCounters counters;
  private final Backlogs backlogs;
  private final List<Output> outputs = new ArrayList<>();
  private final List<Session> hearers = new ArrayList<>();
  private long heldBytes;

  Outputs(MessageLog messages, ServerCounters counters, Backlogs backlogs) {
    this.messages = messages;
    this.counters = counters;
    this.backlogs = backlogs;
  }

  /** Keeps a message for a session, in pieces that may also be others'. */
  void send(Session session, byte[]... message) {
    outputs.add(new Output(session, message));
    for (byte[] piece : message) {
      session.heldBytes += piece.length;
      heldBytes += piece.length;
    }
  }

  /** How many bytes are kept back. */
  long heldBytes() {
    return heldBytes;
  }

  /** Lets everything go; a client too slow to take it is disconnected. */
  void deliver() {
    counters.sent.add(outputs.size());
    for (Output output : outputs) {
      Session session = output.session;
      Peer peer = session.peer();
      messages.sent(peer.name(), output.message);
      if (!peer.offer(output.message)) {
        peer.disconnect("backlog is too long, disconnecting");
      }
      addHearer(session);
    }
    outputs.clear();
    heldBytes = 0;
    for (Session session : hearers) {
      long bytes = session.heldBytes;
      session.hears = false;
      session.heldBytes = 0;
      session.peer().flush();
      backlogs.note(session.peer(), bytes);
    }
    hearers.clear();
  }

  private void addHearer(Session session) {
    if (!session.hears) {
      session.hears = true;
      hearers.add(session);
    }
  }

  /** Nothing of this has happened: those who would have heard of it must start over. */
  void retract(String why) {
    outputs.forEach(output -> addHearer(output.session));
    outputs.clear();
    heldBytes = 0;
    for (Session session : hearers) {
      session.hears = false;
      session.heldBytes = 0;
      session.peer().disconnect(why);
    }
    hearers.clear();
  }
}
