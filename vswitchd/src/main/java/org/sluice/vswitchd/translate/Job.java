package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;

/**
 * What is to be translated.
 *
 * @param bridge where the packet came in
 * @param key the packet; its {@code in_port} is an OpenFlow port of {@code bridge}. Nobody changes
 *     it while it is translated
 * @param frozen the walk to go on with; null to start in table 0
 * @param actions to run instead of a lookup in table 0; null for the lookup
 * @param nowNs the time
 * @param version of the tables
 * @param taughtVersion of the tables that it finds once it has taught a rule
 */
public record Job(
    BridgeView bridge,
    FlowKey key,
    FrozenState frozen,
    List<OfAction> actions,
    long nowNs,
    long version,
    long taughtVersion) {
  /** With the tables as they are. */
  public Job(
      BridgeView bridge, FlowKey key, FrozenState frozen, List<OfAction> actions, long nowNs) {
    this(bridge, key, frozen, actions, nowNs, bridge.version());
  }

  /** With one version of the tables, whatever it teaches. */
  private Job(
      BridgeView bridge,
      FlowKey key,
      FrozenState frozen,
      List<OfAction> actions,
      long nowNs,
      long version) {
    this(bridge, key, frozen, actions, nowNs, version, version);
  }

  /** The same with the tables as they are by now. */
  Job again() {
    return new Job(bridge, key, frozen, actions, nowNs);
  }

  /** The same once the rules that it teaches are there. */
  Job taught() {
    return new Job(bridge, key, frozen, actions, nowNs, version, bridge.version());
  }

  /** A packet that came in by a port of {@code bridge}. */
  public static Job received(BridgeView bridge, FlowKey key, long nowNs) {
    return new Job(bridge, key, null, null, nowNs);
  }

  /** A packet that a controller sends through {@code actions} and one version of the tables. */
  public static Job packetOut(
      BridgeView bridge, FlowKey key, List<OfAction> actions, long nowNs, long version) {
    return new Job(bridge, key, null, actions, nowNs, version);
  }

  /** A packet that waited for a controller, which has sent it on. */
  public static Job resumed(BridgeView bridge, FlowKey key, FrozenState frozen, long nowNs) {
    return new Job(bridge, key, frozen, frozen.actions(), nowNs);
  }

  /**
   * A packet as the datapath describes it: {@code key}'s {@code in_port} is a datapath port. Null
   * where that belongs to no bridge, unless it has been in one before, as what a controller sends.
   */
  public static Job upcall(
      Topology topology, RecirculationTable recirculations, FlowKey key, long nowNs) {
    int id = (int) key.get(Field.RECIRC_ID);
    FrozenState frozen = id == 0 ? null : recirculations.find(id, nowNs);
    Topology.Place place = topology.locate((int) key.get(Field.IN_PORT));
    if (place == null && frozen != null) {
      BridgeView bridge = topology.bridge(frozen.bridge());
      place = bridge == null ? null : new Topology.Place(bridge, OfPort.NONE);
    }
    if (place == null) {
      return null;
    }
    FlowKey translated = key.copy();
    translated.set(Field.IN_PORT, place.ofPort());
    return new Job(place.bridge(), translated, frozen, null, nowNs);
  }
}
