package org.sluice.vswitchd.bridge;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.sluice.datapath.conntrack.ConnectionLimits;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.vswitchd.bridge.DesiredTracking.Zone;

/**
 * Makes connection tracking like the database. What the database does not say, and has not said
 * before, is left to commands. Owned by the reconciler's thread.
 */
final class TrackingSettings {
  private static final Zone NO_ZONE = new Zone(OptionalLong.empty(), false, true, Map.of());

  private final Conntrack conntrack;
  private DesiredTracking applied = DesiredTracking.NONE;

  TrackingSettings(Conntrack conntrack) {
    this.conntrack = conntrack;
  }

  void apply(DesiredTracking wanted) {
    ConnectionLimits limits = conntrack.limits();
    if (!wanted.defaultLimit().equals(applied.defaultLimit())) {
      limits.setDefaultZoneLimit(wanted.defaultLimit().orElse(ConnectionLimits.UNLIMITED));
    }
    conntrack.setDropsEarly(wanted.dropsEarly());
    Set<Integer> zones = new HashSet<>(applied.zones().keySet());
    zones.addAll(wanted.zones().keySet());
    for (int zone : zones) {
      Zone before = applied.zones().getOrDefault(zone, NO_ZONE);
      apply(zone, before, wanted.zones().getOrDefault(zone, NO_ZONE));
    }
    limits.setSetByDatabase(
        wanted.defaultLimit().isPresent()
            || wanted.zones().values().stream().anyMatch(each -> each.limit().isPresent()));
    applied = wanted;
  }

  private void apply(int zone, Zone before, Zone wanted) {
    if (!wanted.limit().equals(before.limit())) {
      conntrack.limits().setZoneLimit(zone, wanted.limit().orElse(ConnectionLimits.UNLIMITED));
    }
    conntrack.zones().setLiberal(zone, wanted.isLiberal());
    conntrack.zones().setPicksUp(zone, wanted.picksUp());
    if (!wanted.timeoutsS().equals(before.timeoutsS())) {
      conntrack.timeouts().setZone(zone, seconds(wanted.timeoutsS()));
    }
  }

  /** The timers that the policy names; attributes that no timer stands for have no effect. */
  private static Map<Timer, Integer> seconds(Map<String, Long> policy) {
    Map<Timer, Integer> seconds = new EnumMap<>(Timer.class);
    for (Timer timer : Timer.values()) {
      Long value = policy.get(timer.policyAttribute());
      if (value != null) {
        seconds.put(timer, (int) Math.min(value, Integer.MAX_VALUE / 1000));
      }
    }
    return seconds;
  }
}
