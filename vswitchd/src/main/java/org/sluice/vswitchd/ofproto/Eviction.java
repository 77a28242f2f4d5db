package org.sluice.vswitchd.ofproto;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.vswitchd.classifier.Rule;

/**
 * Which rule of a full table makes way for a new one: of the group that has most rules the one of
 * the least importance that would end soonest. Rules that never end stay.
 *
 * <p>Groups are kept in the order of their sizes and the rules of each in the order in which they
 * would go, so nobody looks at the whole table for a victim. A rule's end moves away whenever the
 * rule is used or refreshed, which nobody tells: it stands where its end was when it was last
 * looked at, and whoever comes to stand first is looked at again, and moved until the first one is
 * in its place. So each use costs at most one move, and none where nothing is evicted. An end that
 * has come nearer is told: {@link #noteShortened}.
 *
 * <p>Under the writer lock, where no other thread is named.
 */
final class Eviction {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NEVER = Long.MAX_VALUE;

  private final List<FieldSlice> slices;
  private final Map<List<Long>, Group> groups = new HashMap<>();

  /** Each group that has rules, the one with most of them first. */
  private final NavigableSet<Group> bySize = new TreeSet<>();

  private final Map<Rule, Place> places = new HashMap<>();

  /** Rules whose timeouts have got shorter since their places were found. Any thread. */
  private final Set<Rule> shortened = ConcurrentHashMap.newKeySet();

  private long lastNumber;

  /** Groups of rules that agree in {@code slices}, and no rules yet. */
  Eviction(List<FieldSlice> slices) {
    this.slices = slices;
  }

  /** Where a rule stands among those of its group; {@code number} tells equal ones apart. */
  private record Place(Rule rule, Group group, long endNs, long number)
      implements Comparable<Place> {
    private static final Comparator<Place> FIRST_TO_GO =
        Comparator.comparingInt((Place place) -> place.rule.importance())
            .thenComparingLong(Place::endNs)
            .thenComparingLong(Place::number);

    @Override
    public int compareTo(Place other) {
      return FIRST_TO_GO.compare(this, other);
    }
  }

  /**
   * Rules that agree in what tells groups apart. Of two that have as many the older comes first.
   */
  private static final class Group implements Comparable<Group> {
    private static final Comparator<Group> LARGEST_FIRST =
        Comparator.comparingInt((Group group) -> -group.places.size())
            .thenComparingLong(group -> group.number);

    private final List<Long> key;
    private final long number;
    private final NavigableSet<Place> places = new TreeSet<>();

    Group(List<Long> key, long number) {
      this.key = key;
      this.number = number;
    }

    @Override
    @SuppressWarnings("ComparableType") // its place among others changes under whoever changes it
    public int compareTo(Group other) {
      return LARGEST_FIRST.compare(this, other);
    }
  }

  /** Rules that some day end by themselves may make way; others are passed over. */
  void add(Rule rule) {
    placeShortened();
    placeIfItEnds(rule);
  }

  private void placeIfItEnds(Rule rule) {
    if (!rule.isHidden() && end(rule) != NEVER) {
      place(rule);
    }
  }

  /** The rule is there no more. */
  void remove(Rule rule) {
    shortened.remove(rule);
    Place place = places.remove(rule);
    if (place != null) {
      resize(place.group, () -> place.group.places.remove(place));
    }
  }

  /** An end that has come nearer; rules that are not in the table do no harm. Any thread. */
  void noteShortened(Rule rule) {
    shortened.add(rule);
  }

  /** The rule to go; null where none may. */
  Rule victim() {
    placeShortened();
    return bySize.isEmpty() ? null : first(bySize.first());
  }

  private Rule first(Group group) {
    Place first = group.places.first();
    while (end(first.rule) > first.endNs) {
      group.places.remove(first);
      putIn(group, first.rule);
      first = group.places.first();
    }
    return first.rule;
  }

  private void placeShortened() {
    for (Rule rule : shortened) {
      remove(rule);
      if (!rule.isRemoved()) {
        placeIfItEnds(rule);
      }
    }
  }

  private void place(Rule rule) {
    Group group = groups.computeIfAbsent(key(rule), key -> new Group(key, ++lastNumber));
    resize(group, () -> putIn(group, rule));
  }

  private void putIn(Group group, Rule rule) {
    Place place = new Place(rule, group, end(rule), ++lastNumber);
    group.places.add(place);
    places.put(rule, place);
  }

  private void resize(Group group, Runnable change) {
    bySize.remove(group);
    change.run();
    if (group.places.isEmpty()) {
      groups.remove(group.key);
    } else {
      bySize.add(group);
    }
  }

  private List<Long> key(Rule rule) {
    FlowKey key = rule.match().key();
    return slices.stream()
        .flatMap(slice -> Stream.of(slice.readHigh(key), slice.read(key)))
        .toList();
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
