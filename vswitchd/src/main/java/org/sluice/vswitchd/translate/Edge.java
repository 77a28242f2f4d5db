package org.sluice.vswitchd.translate;

/**
 * Where the effects of translations are performed. Implemented by who owns tables and controllers.
 */
public interface Edge {
  /**
   * Adds or refreshes a learned rule; says whether any table has changed. Called without locks:
   * takes the writer's lock itself.
   */
  boolean learn(Effect.LearnRule learned, long nowNs);

  /**
   * Takes notice that {@link Topology#changeSequence} has to grow: a station is new or has moved.
   */
  void stationMoved(BridgeView bridge);

  /** Sends a packet to controllers. May be called by packet threads; must not wait. */
  void packetIn(PacketInEvent event, long nowNs);
}
