package org.sluice.tools.ofctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
    Map<Integer, byte[]> sent = new LinkedHashMap<>();
    List<byte[]> errors = new ArrayList<>();
    boolean well = control(session, BundleControl.Type.OPEN_REQUEST, errors);
    if (well) {
      for (OfMessage message : messages) {
        if (message instanceof GroupMod mod) {
          GroupCommands.requireForm(mod, session.version());
        }
        byte[] add = session.encode(new OfMessage.BundleAdd(ID, FLAGS, message));
        sent.put(SwitchSession.xid(add), inner(add));
        session.send(add);
      }
      awaitReply(session, session.send(new OfMessage.BarrierRequest()), errors);
      well = errors.isEmpty();
      BundleControl.Type end =
          well ? BundleControl.Type.COMMIT_REQUEST : BundleControl.Type.DISCARD_REQUEST;
      well &= control(session, end, errors);
    }
    report(errors, sent, names);
    if (!well) {
      throw new OfctlException("talking to " + session.name() + " (Protocol error)");
    }
  }

  /** The message that a bundle's message holds. */
  private static byte[] inner(byte[] add) {
    int header = add[0] == OfVersion.OF13.wire() ? 24 : 16;
    return Arrays.copyOfRange(add, header, add.length);
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

  private void report(List<byte[]> errors, Map<Integer, byte[]> sent, Names names) {
    for (byte[] error : errors) {
      OfMessage.ErrorReport report = (OfMessage.ErrorReport) OfDecoder.inspect(error).message();
      byte[] cause = sent.getOrDefault(SwitchSession.xid(error), report.data().toArray());
      System.err.print("Error " + report.error() + " for: " + exchange.print(cause, names, 1));
    }
  }
}
