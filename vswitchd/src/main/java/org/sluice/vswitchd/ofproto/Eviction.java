package org.sluice.vswitchd.ofproto;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.vswitchd.classifier.Classifier;
import org.sluice.vswitchd.classifier.Rule;

/**
 * Which rule of a full table makes way for a new one: of the group that has most rules the one of
 * the least importance that would end soonest. Rules that never end stay.
 */
final class Eviction {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NEVER = Long.MAX_VALUE;

  private Eviction() {}

  /** Rules that agree in what tells groups apart. */
  private static final class Group {
    private int size;
    private Rule first;

    void add(Rule rule) {
      size++;
      if (end(rule) != NEVER && (first == null || isBefore(rule, first))) {
        first = rule;
      }
    }
  }

  /** The rule of {@code version} to go; null where none may. */
  static Rule victim(Classifier table, long version, List<FieldSlice> slices) {
    Map<List<Long>, Group> groups = new HashMap<>();
    table.forEach(
        version,
        rule -> {
          if (!rule.isHidden() && end(rule) != NEVER) {
            groups.computeIfAbsent(key(rule, slices), _ -> new Group()).add(rule);
          }
        });
    Group largest = null;
    for (Group group : groups.values()) {
      if (largest == null
          || group.size > largest.size
          || (group.size == largest.size && isBefore(group.first, largest.first))) {
        largest = group;
      }
    }
    return largest == null ? null : largest.first;
  }

  private static List<Long> key(Rule rule, List<FieldSlice> slices) {
    FlowKey key = rule.match().key();
    return slices.stream()
        .flatMap(slice -> Stream.of(slice.readHigh(key), slice.read(key)))
        .toList();
  }

  private static boolean isBefore(Rule a, Rule b) {
    return a.importance() != b.importance() ? a.importance() < b.importance() : end(a) < end(b);
  }

  /** When a rule's timeouts would end it. */
  private static long end(Rule rule) {
    int hardS = rule.timeouts().hardS();
    int idleS = rule.timeouts().idleS();
    long hard = hardS == 0 ? NEVER : rule.modifiedNs() + hardS * NANOS_PER_SECOND;
    long idle = idleS == 0 ? NEVER : rule.statistics().usedNs() + idleS * NANOS_PER_SECOND;
    return Math.min(hard, idle);
  }
}
