package org.sluice.vswitchd.translate;

import java.util.List;

/** Performs what translations return as effects. Any thread; keeps nothing. */
final class EffectPerformer {
  private static final int TCP_FIN_OR_RST = 0x05;

  private final Edge edge;

  EffectPerformer(Edge edge) {
    this.edge = edge;
  }

  /** Learns what one packet teaches; says whether that changed any flow table. */
  boolean learn(List<Effect> effects, long nowNs) {
    boolean changed = false;
    for (Effect effect : effects) {
      changed |= learn(effect, nowNs);
    }
    return changed;
  }

  private boolean learn(Effect effect, long nowNs) {
    return switch (effect) {
      case Effect.LearnStation station -> {
        if (station.bridge().macTable().learn(station.sighting(), nowNs)) {
          edge.stationMoved(station.bridge());
        }
        yield false;
      }
      case Effect.LearnRule rule -> edge.learn(rule, nowNs);
      case Effect.Crossed _, Effect.CrossedGroup _, Effect.LookedUp _, Effect.ShortenTimeouts _ ->
          false;
    };
  }

  /**
   * Counts packets that went the same way, the last of them at {@code usedNs}, and learns from them
   * again where they teach.
   */
  void credit(List<Effect> effects, Carried carried) {
    for (Effect effect : effects) {
      switch (effect) {
        case Effect.Crossed crossed ->
            crossed.rule().statistics().credit(carried.packets, carried.bytes, carried.usedNs);
        case Effect.CrossedGroup crossed ->
            crossed.group().credit(crossed.bucket(), carried.packets, carried.bytes);
        case Effect.LookedUp lookup ->
            lookup.bridge().creditTable(lookup.table(), lookup.matched(), carried.packets);
        case Effect.ShortenTimeouts shorten -> {
          if ((carried.tcpFlags & TCP_FIN_OR_RST) != 0) {
            shorten.bridge().shortenTimeouts(shorten.rule(), shorten.timeouts());
          }
        }
        case Effect.LearnStation _, Effect.LearnRule _ -> {
          if (carried.teaches) {
            learn(effect, carried.usedNs);
          }
        }
      }
    }
  }

  /**
   * What some packets came to.
   *
   * @param teaches whether there are others among them than the first, which was learned from
   */
  record Carried(long packets, long bytes, long usedNs, int tcpFlags, boolean teaches) {}
}
