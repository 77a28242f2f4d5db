package org.sluice.vswitchd.ofproto;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.sluice.vswitchd.classifier.Rule;

/**
 * How many rules of a table that controllers can see have which cookie. The one writer counts what
 * is in force; any thread asks.
 */
final class CookieCounts {
  private final Map<Long, Integer> counts = new ConcurrentHashMap<>();

  int get(long cookie) {
    return counts.getOrDefault(cookie, 0);
  }

  void add(Rule rule) {
    if (!rule.isHidden()) {
      counts.merge(rule.cookie(), 1, Integer::sum);
    }
  }

  void remove(Rule rule) {
    if (!rule.isHidden()) {
      counts.computeIfPresent(rule.cookie(), (_, count) -> count == 1 ? null : count - 1);
    }
  }
}
