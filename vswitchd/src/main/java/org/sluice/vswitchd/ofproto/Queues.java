package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;

/**
 * The queues that a request means.
 *
 * @param error what is wrong with it; null if nothing is
 */
record Queues(List<OfMessage.QueueDescription> found, OfError error) {
  private static final int ALL = 0xffff_ffff;
  private static final int NO_RATE = -1;

  /** The queues of number {@code queue}, or all, of {@code port}, or all. */
  static Queues of(Ofproto ofproto, int port, int queue) {
    List<OfMessage.QueueDescription> found = new ArrayList<>();
    boolean anyPort = port == OfPort.ANY;
    if (!anyPort && ofproto.portTable().get(port) == null) {
      return new Queues(found, OfError.OFPQOFC_BAD_PORT);
    }
    for (SwitchPort each : ofproto.portTable().all()) {
      if (anyPort || each.number() == port) {
        for (int id : ofproto.backend().queues(each)) {
          if (queue == ALL || queue == id) {
            found.add(new OfMessage.QueueDescription(each.number(), id, NO_RATE, NO_RATE));
          }
        }
      }
    }
    boolean missing = found.isEmpty() && queue != ALL;
    return new Queues(found, missing ? OfError.OFPQOFC_BAD_QUEUE : null);
  }
}
