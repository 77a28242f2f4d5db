package org.sluice.openflow.message;

import java.util.List;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;

/**
 * A packet from the controller, to run {@code actions} on.
 *
 * @param bufferId {@link FlowMod#NO_BUFFER} where {@code data} is the packet
 * @param metadata its in_port, and from 1.5 on other pipeline fields
 */
public record PacketOut(int bufferId, Match metadata, List<OfAction> actions, Bytes data)
    implements OfMessage {
  public PacketOut {
    actions = List.copyOf(actions);
  }
}
