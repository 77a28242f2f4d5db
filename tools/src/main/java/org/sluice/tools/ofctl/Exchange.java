package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.PrintStream;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.print.MessagePrinter;
import org.sluice.openflow.text.Names;

/** Asks switches and prints what they answer. */
final class Exchange {
  private final OfctlOptions options;
  private final PrintStream out;
  private final NoteLog log;

  Exchange(OfctlOptions options, PrintStream out, NoteLog log) {
    this.options = options;
    this.out = out;
    this.log = log;
  }

  String print(byte[] message, Names names, int more) {
    return new MessagePrinter(names, options.verbosity() + more, log).print(message);
  }

  /** Prints what the switch answers. */
  void dump(SwitchSession session, OfMessage request, Names names) throws IOException {
    if (request instanceof Multipart.Request multipart) {
      session.transactMultipart(multipart, reply -> out.print(print(reply, names, 1)));
    } else {
      out.print(print(session.transact(request), names, 1));
    }
  }

  /** Asks for what has no answer; an error ends the program. */
  void require(SwitchSession session, OfMessage request, Names names) throws IOException {
    requireNone(session.transactQuietly(request), names);
  }

  void requireNone(byte[] error, Names names) {
    if (error != null) {
      throw new RefusedException(print(error, names, 2));
    }
  }

  /** The switch's configuration. */
  OfMessage.SwitchConfig config(SwitchSession session) throws IOException {
    Inspected reply = OfDecoder.inspect(session.transact(new OfMessage.GetConfigRequest()));
    if (reply.message() instanceof OfMessage.GetConfigReply(OfMessage.SwitchConfig config)) {
      return config;
    }
    throw new OfctlException(session.name() + ": bad reply to config request");
  }
}
