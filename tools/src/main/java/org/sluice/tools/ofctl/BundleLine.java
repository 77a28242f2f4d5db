package org.sluice.tools.ofctl;

import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.GroupParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.openflow.text.PacketOutParser;
import org.sluice.openflow.text.Parsed;

/** A line of a bundle's file: what kind of message follows, and the message. */
final class BundleLine {
  private BundleLine() {}

  /** The message; the word for its kind may be cut short. */
  static Parsed<? extends OfMessage> parse(String line, Names names) throws OfSyntaxException {
    String text = line.strip();
    int end = 0;
    while (end < text.length() && ", \t".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String kind = text.substring(0, end);
    String rest = text.substring(end);
    if ("flow".startsWith(kind)) {
      return FlowParser.readLine(rest, names);
    }
    if ("group".startsWith(kind)) {
      return GroupParser.parseLine(rest, names);
    }
    if ("packet-out".startsWith(kind)) {
      return PacketOutParser.parse(rest, names);
    }
    throw new OfSyntaxException("Unsupported bundle message type: " + kind);
  }
}
