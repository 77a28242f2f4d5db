package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.datapath.conntrack.ConnectionEvent;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.conntrack.Conntrack;

/**
 * {@code dpctl/ct-events}: what has happened to connections since it was asked last, a line each.
 * Asking for the first time begins to keep it. Any thread may ask; each event is told once.
 */
final class ConnectionEvents {
  /** Some seconds of a busy switch, and 7 MB. */
  private static final int SLOTS = 1 << 14;

  private final Conntrack conntrack;
  private long lost;

  ConnectionEvents(Conntrack conntrack) {
    this.conntrack = conntrack;
  }

  void registerIn(UnixctlCommands commands, DatapathArguments arguments) {
    arguments.register(commands, "ct-events", "[dp] [off]", 0, 2, this::events);
  }

  private synchronized UnixctlReply events(DatapathCall call) {
    if (call.words().equals(List.of("off"))) {
      conntrack.ignoreEvents();
      conntrack.pollEvents(event -> {}, SLOTS);
      return UnixctlReply.NOTHING;
    }
    if (!call.words().isEmpty()) {
      return DatapathArguments.noSuchDatapath();
    }
    conntrack.keepEvents(SLOTS);
    StringBuilder text = new StringBuilder();
    conntrack.pollEvents(event -> append(text, event), SLOTS);
    long lostNow = conntrack.lostEvents();
    if (lostNow != lost) {
      text.append("[LOST] ").append(lostNow - lost).append(" events, asked for too late\n");
    }
    lost = lostNow;
    return UnixctlReply.text(text.toString());
  }

  private static void append(StringBuilder text, ConnectionEvent event) {
    text.append('[').append(event.kind()).append("] ");
    text.append(ConnectionText.line(event.connection(), false, false)).append('\n');
  }
}
