package org.sluice.vswitchd.translate;

import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.PacketIn.Reason;

/**
 * A packet on its way to controllers.
 *
 * @param frame at most as many bytes as were asked for
 * @param totalBytes how long the frame was
 * @param metadata the packet's key as the pipeline saw it: {@code in_port} is an OpenFlow port
 * @param cause why and by whose order
 * @param userdata what the rule's author added
 * @param continuation what the pipeline waits with, see {@link Continuation}; null where it does
 *     not
 */
public record PacketInEvent(
    BridgeView bridge,
    Bytes frame,
    int totalBytes,
    FlowKey metadata,
    Cause cause,
    Bytes userdata,
    Bytes continuation) {
  /** Why, where, by which rule, and for which controllers. */
  public record Cause(Reason reason, int table, long cookie, int controllerId) {}
}
