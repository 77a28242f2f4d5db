package org.sluice.vswitchd.ofproto;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.sluice.openflow.message.GroupMod;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.translate.Group;

/**
 * A switch's groups by number, those of earlier versions included; see {@link TableVersions}.
 * Changed by whoever holds the writer lock; any thread may look up meanwhile.
 */
final class GroupTable {
  private static final Comparator<Group> BY_ID = (a, b) -> Integer.compareUnsigned(a.id(), b.id());

  private final TableVersions versions;

  /** What each number has stood for, the newest first. */
  private final ConcurrentHashMap<Integer, List<Group>> groups = new ConcurrentHashMap<>();

  /** Groups that have ended and are still here, in the order of their ends; writer only. */
  private final Deque<Group> ended = new ArrayDeque<>();

  GroupTable(TableVersions versions) {
    this.versions = versions;
  }

  /** The group of that number in {@code version}, or null. */
  Group get(int id, long version) {
    Group found = find(id, version);
    for (long seen = version; !versions.keeps(seen); ) {
      seen = versions.current();
      found = find(id, seen);
    }
    return found;
  }

  private Group find(int id, long version) {
    for (Group group : groups.getOrDefault(id, List.of())) {
      if (group.isIn(version)) {
        return group;
      }
    }
    return null;
  }

  /** Has {@code group} be there from the next version on, and no other of its number. */
  void put(Group group) {
    Group old = get(group.id(), versions.next());
    if (old != null) {
      remove(old);
    }
    group.begin(versions.next());
    groups.merge(group.id(), List.of(group), GroupTable::joined);
  }

  private static List<Group> joined(List<Group> older, List<Group> newer) {
    List<Group> all = new ArrayList<>(newer);
    all.addAll(older);
    return List.copyOf(all);
  }

  /** Has {@code group} be there no more from the next version on. */
  void remove(Group group) {
    group.end(versions.next());
    ended.add(group);
  }

  /** Takes back a change before it is seen; either may be null. */
  void undo(Group before, Group after) {
    if (after != null) {
      drop(after);
    }
    if (before != null) {
      before.restore();
      ended.removeLast();
    }
  }

  /** How many groups of earlier versions there are. */
  int endedCount() {
    return ended.size();
  }

  /** Forgets the groups that no version that is kept has. */
  void sweep() {
    while (!ended.isEmpty() && !versions.keeps(ended.peek())) {
      drop(ended.remove());
    }
  }

  private void drop(Group group) {
    groups.computeIfPresent(group.id(), (_, same) -> without(same, group));
  }

  private static List<Group> without(List<Group> same, Group gone) {
    List<Group> kept = same.stream().filter(group -> group != gone).toList();
    return kept.isEmpty() ? null : kept;
  }

  /** The group of number {@code id}, or all where it is {@link GroupMod#ALL}; by number. */
  List<Group> meant(int id, long version) {
    List<Group> meant = new ArrayList<>();
    if (id == GroupMod.ALL || id == GroupMod.ANY) {
      groups.keySet().forEach(each -> addTo(meant, get(each, version)));
      meant.sort(BY_ID);
    } else {
      addTo(meant, get(id, version));
    }
    return meant;
  }

  private static void addTo(List<Group> meant, Group group) {
    if (group != null) {
      meant.add(group);
    }
  }
}
