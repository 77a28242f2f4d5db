package org.sluice.vswitchd.bridge;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.sluice.base.log.Vlog;
import org.sluice.datapath.conntrack.ConnectionLimits;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.alg.GatewayPorts;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.vswitchd.bridge.DesiredTracking.Zone;

/**
 * Makes connection tracking like the database. What the database does not say, and has not said
 * before, is left to commands. Owned by the reconciler's thread.
 */
final class TrackingSettings {
  private static final Zone NO_ZONE = new Zone(OptionalLong.empty(), false, true, null, Map.of());

  private final Conntrack conntrack;
  private final Vlog log;
  private DesiredTracking applied = DesiredTracking.NONE;

  TrackingSettings(Conntrack conntrack, Vlog log) {
    this.conntrack = conntrack;
    this.log = log;
  }

  void apply(DesiredTracking wanted) {
    ConnectionLimits limits = conntrack.limits();
    if (!wanted.defaultLimit().equals(applied.defaultLimit())) {
      limits.setDefaultZoneLimit(wanted.defaultLimit().orElse(ConnectionLimits.UNLIMITED));
    }
    conntrack.setDropsEarly(wanted.dropsEarly());
    if (!wanted.gateways().equals(applied.gateways())) {
      conntrack.zones().setOtherGateways(gateways(wanted.gateways()));
    }
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
    if (!Objects.equals(wanted.gateways(), before.gateways())) {
      conntrack.zones().setGateways(zone, gateways(wanted.gateways()));
    }
    if (!wanted.timeoutsS().equals(before.timeoutsS())) {
      conntrack.timeouts().setZone(zone, seconds(wanted.timeoutsS()));
    }
  }

  /** Reads a list; null for null. A list with an error names none, and the log says so. */
  private GatewayPorts gateways(String list) {
    if (list == null) {
      return null;
    }
    Optional<GatewayPorts> ports = GatewayPorts.parse(list);
    if (ports.isEmpty()) {
      log.warn("ct-gateways: \"%s\" is not a list of gateways, each with a port or without", list);
    }
    return ports.orElse(GatewayPorts.NONE);
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
