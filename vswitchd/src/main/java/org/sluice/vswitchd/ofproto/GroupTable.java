package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.sluice.openflow.message.GroupMod;
import org.sluice.vswitchd.translate.Group;

/**
 * A switch's groups by number. Changed by whoever holds the writer lock; any thread may look up
 * meanwhile.
 */
final class GroupTable {
  private static final Comparator<Group> BY_ID = (a, b) -> Integer.compareUnsigned(a.id(), b.id());

  private final ConcurrentHashMap<Integer, Group> groups = new ConcurrentHashMap<>();

  /** The group of that number, or null. */
  Group get(int id) {
    return groups.get(id);
  }

  /** Puts a group in, in the place of one of its number. */
  void put(Group group) {
    groups.put(group.id(), group);
  }

  void remove(Group group) {
    groups.remove(group.id());
  }

  void clear() {
    groups.clear();
  }

  /** The group of number {@code id}, or all where it is {@link GroupMod#ALL}; by number. */
  List<Group> meant(int id) {
    List<Group> meant = new ArrayList<>();
    if (id == GroupMod.ALL || id == GroupMod.ANY) {
      meant.addAll(groups.values());
      meant.sort(BY_ID);
    } else if (groups.get(id) != null) {
      meant.add(groups.get(id));
    }
    return meant;
  }
}
