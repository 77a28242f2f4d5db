package org.sluice.vswitchd.ofproto;

import java.util.List;
import java.util.Optional;
import org.sluice.datapath.conntrack.ConnectionTuple;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.openflow.message.CtFlush;

/**
 * Forgets connections. A tuple that names everything means the one connection that such a packet
 * would belong to, in either direction, and is looked up; anything less is looked for. Stateless.
 */
final class ConnectionFlush {
  private ConnectionFlush() {}

  /** Flushes as a command asks; false if it named one connection and there is none. */
  static boolean flush(Conntrack conntrack, List<String> arguments) throws FlowSyntaxException {
    ConnectionFilter filter = ConnectionFilter.parse(arguments);
    if (filter.isForAll()) {
      conntrack.flush();
      return true;
    }
    ConnectionTuple tuple = filter.wholeTuple().orElse(null);
    if (tuple != null) {
      return conntrack.flush(tuple, filter.zone().orElse(0));
    }
    conntrack.flush(filter);
    return true;
  }

  /** Flushes as a controller's message asks. */
  static void flush(Conntrack conntrack, CtFlush message) {
    FlushFilter filter = new FlushFilter(message);
    Optional<ConnectionTuple> tuple = filter.wholeTuple();
    if (tuple.isPresent()) {
      conntrack.flush(tuple.get(), message.zone() == null ? 0 : message.zone());
    } else if (message.isForAll() && message.zone() == null) {
      conntrack.flush();
    } else {
      conntrack.flush(filter);
    }
  }
}
