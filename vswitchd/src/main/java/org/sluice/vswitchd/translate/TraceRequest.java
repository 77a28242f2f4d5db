package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.OfAction;

/**
 * What is to be traced.
 *
 * @param bridge where the packet comes in
 * @param key the packet, its input port an OpenFlow port
 * @param actions to run instead of a lookup; null for the lookup
 * @param nextCtStates what connection tracking is to find, one for each time; new after that
 * @param namesPorts whether ports are shown by name
 * @param teaches whether switches learn from the packet as from a real one
 */
public record TraceRequest(
    BridgeView bridge,
    FlowKey key,
    List<OfAction> actions,
    List<Integer> nextCtStates,
    boolean namesPorts,
    boolean teaches) {
  public TraceRequest {
    nextCtStates = List.copyOf(nextCtStates);
  }

  /** A packet that comes in by a port of {@code bridge}. */
  public static TraceRequest received(BridgeView bridge, FlowKey key) {
    return new TraceRequest(bridge, key, null, List.of(), false, false);
  }
}
