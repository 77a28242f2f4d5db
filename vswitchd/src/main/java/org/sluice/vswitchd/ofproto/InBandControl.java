package org.sluice.vswitchd.ofproto;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.ofproto.InBandRules.Remote;
import org.sluice.vswitchd.ofproto.InBandRules.Wanted;

/**
 * Keeps a switch's hidden rules for in-band control as its controllers, its local port and the ways
 * to the controllers have them. Under the writer lock.
 */
final class InBandControl {
  /** Routes and neighbours are looked at no more often. */
  private static final long REFRESH_NS = 1_000_000_000L;

  private final Ofproto ofproto;
  private final NextHops nextHops;
  private final Map<Wanted, Rule> present = new LinkedHashMap<>();
  private Set<Remote> remotes = Set.of();
  private long lookedNs = Long.MIN_VALUE;

  InBandControl(Ofproto ofproto, NextHops nextHops) {
    this.ofproto = ofproto;
    this.nextHops = nextHops;
  }

  /** Forgets the rules, which have been flushed. */
  void flushed() {
    present.clear();
    lookedNs = Long.MIN_VALUE;
  }

  /** Puts in what is missing and takes out what is too much, if something may have changed. */
  void step(Set<Remote> wantedRemotes, long nowNs) {
    boolean due = lookedNs == Long.MIN_VALUE || nowNs - lookedNs >= REFRESH_NS;
    if (!due && wantedRemotes.equals(remotes)) {
      return;
    }
    remotes = Set.copyOf(wantedRemotes);
    lookedNs = nowNs;
    SwitchPort local = ofproto.portTable().get(OfPort.LOCAL);
    Set<Long> hops = new HashSet<>();
    for (Remote remote : remotes) {
      long mac = nextHops.macTowards(remote.address());
      if (mac != 0) {
        hops.add(mac);
      }
    }
    keep(InBandRules.of(local == null ? 0 : local.mac(), hops, remotes), nowNs);
  }

  private void keep(List<Wanted> wanted, long nowNs) {
    Set<Wanted> missing = new HashSet<>(wanted);
    present
        .entrySet()
        .removeIf(entry -> {
          boolean stays = missing.remove(entry.getKey());
          if (!stays) {
            ofproto.tables().removeHidden(entry.getValue());
          }
          return !stays;
        });
    for (Wanted each : missing) {
      Rule.Body body = Rule.Body.of(List.of(OfAction.Output.to(OfPort.NORMAL)));
      Rule rule = new Rule(0, each.match(), each.priority(), body, nowNs);
      ofproto.tables().insertHidden(rule);
      present.put(each, rule);
    }
  }
}
