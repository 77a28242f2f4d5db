package org.sluice.tools.ofctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.BundleControl;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.text.Names;

/** Sends messages as one bundle, which the switch carries out as a whole or not at all. */
final class BundleSender {
  private static final int FLAGS = BundleControl.ATOMIC | BundleControl.ORDERED;
  private static final int ID = 0;

  /** Messages to a write. */
  private static final int BATCH = 128;

  private final Exchange exchange;

  BundleSender(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Connects and sends, in a version that has bundles. */
  void send(
      Switches switches, String name, List<? extends OfMessage> messages, Set<FlowFormat> usable)
      throws IOException {
    EnumSet<FlowFormat> able = FlowFormat.since(OfVersion.OF13);
    able.retainAll(usable);
    try (SwitchSession session = switches.openFor(name, able)) {
      send(session, messages, switches.shown(name));
    }
  }

  /** Sends on a connection that is there. */
  void send(SwitchSession session, List<? extends OfMessage> messages, Names names)
      throws IOException {
    int firstXid = session.nextXid() + 1;
    List<byte[]> errors = new ArrayList<>();
    boolean well;
    try {
      well = carryOut(session, messages, firstXid + messages.size(), errors);
    } finally {
      for (byte[] error : errors) {
        int index = SwitchSession.xid(error) - firstXid;
        boolean known = index >= 0 && index < messages.size();
        report(error, known ? session.encode(messages.get(index), firstXid + index) : null, names);
      }
    }
    if (!well) {
      throw new OfctlException("talking to " + session.name() + " (Protocol error)");
    }
  }

  /** From opening to commit, or to where the switch refuses something: then false. */
  private static boolean carryOut(
      SwitchSession session, List<? extends OfMessage> messages, int barrier, List<byte[]> errors)
      throws IOException {
    if (!control(session, BundleControl.Type.OPEN_REQUEST, errors)) {
      return false;
    }
    sendAndHear(session, messages, barrier, errors);
    boolean well = errors.isEmpty();
    BundleControl.Type end =
        well ? BundleControl.Type.COMMIT_REQUEST : BundleControl.Type.DISCARD_REQUEST;
    return control(session, end, errors) && well;
  }

  /**
   * Sends the messages and a barrier, and hears the answers at the same time: a switch that has
   * much to complain of reads no more while nobody hears it.
   */
  private static void sendAndHear(
      SwitchSession session, List<? extends OfMessage> messages, int barrier, List<byte[]> errors)
      throws IOException {
    for (OfMessage message : messages) {
      if (message instanceof GroupMod mod) {
        GroupCommands.requireForm(mod, session.version());
      }
    }
    FutureTask<Void> sending = new FutureTask<>(() -> sendAll(session, messages));
    Thread.ofPlatform().name("bundle").daemon().start(sending);
    try {
      awaitReply(session, barrier, errors);
    } catch (IOException lost) {
      throw reason(sending, lost);
    }
  }

  /** Why the connection has ended: what sending met, if it met anything. */
  private static IOException reason(FutureTask<Void> sending, IOException lost) {
    try {
      sending.get();
      return lost;
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof OfctlException wrong) {
        throw wrong;
      }
      return failed.getCause() instanceof IOException cause ? cause : new IOException(failed);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return lost;
    }
  }

  /**
   * A message that cannot be sent ends the connection, so that nobody waits for an answer. Where
   * the switch has hung up it has ended already, and what the switch said before is still to be
   * heard.
   */
  private static Void sendAll(SwitchSession session, List<? extends OfMessage> messages)
      throws IOException {
    try {
      sendBatches(session, messages);
      session.send(new OfMessage.BarrierRequest());
    } catch (RuntimeException wrong) {
      session.close();
      throw wrong;
    }
    return null;
  }

  private static void sendBatches(SwitchSession session, List<? extends OfMessage> messages)
      throws IOException {
    List<byte[]> batch = new ArrayList<>();
    for (OfMessage message : messages) {
      batch.add(session.encode(new OfMessage.BundleAdd(ID, FLAGS, message)));
      if (batch.size() == BATCH) {
        session.send(batch);
        batch.clear();
      }
    }
    session.send(batch);
  }

  private static boolean control(
      SwitchSession session, BundleControl.Type type, List<byte[]> errors) throws IOException {
    return awaitReply(session, session.send(new BundleControl(ID, type, FLAGS)), errors);
  }

  /** Waits for the answer; false where it is an error. */
  private static boolean awaitReply(SwitchSession session, int xid, List<byte[]> errors)
      throws IOException {
    byte[] reply = session.receive();
    while (SwitchSession.xid(reply) != xid) {
      if (OfDecoder.inspect(reply).message() instanceof OfMessage.ErrorReport) {
        errors.add(reply);
      }
      reply = session.receive();
    }
    boolean refused = OfDecoder.inspect(reply).message() instanceof OfMessage.ErrorReport;
    if (refused) {
      errors.add(reply);
    }
    return !refused;
  }

  /** {@code sent}: what the error is about, or null where only the error knows. */
  private void report(byte[] error, byte[] sent, Names names) {
    OfMessage.ErrorReport report = (OfMessage.ErrorReport) OfDecoder.inspect(error).message();
    byte[] cause = sent == null ? report.data().toArray() : sent;
    System.err.print("Error " + report.error() + " for: " + exchange.print(cause, names, 1));
  }
}
