package org.sluice.vswitchd.translate;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which frozen walk a recirculation id stands for.
 *
 * <p>Ids count from 1; an equal state gets the id it already has. Nobody counts references: an id
 * is given up when it was neither asked for nor {@link #touch touched} for {@link #LINGER_NS}.
 * Whoever walks the installed megaflows touches the ids that they name much more often than that,
 * so an id is only given up when no megaflow leads to it any more and packets under way have
 * arrived.
 *
 * <p>Bounded: beyond {@link #MAX_STATES} there is no id. Entries lie in the order in which they
 * were needed last, so that giving up costs what is given up, a portion at a time. Safe for several
 * threads.
 */
public final class RecirculationTable {
  /** How long an id stays without being needed. */
  public static final long LINGER_NS = 60_000_000_000L;

  /** The most states kept. */
  public static final int MAX_STATES = 1 << 18;

  /** What {@link #idOf} gives when the table is full. */
  public static final int NONE = 0;

  private static final int EXPIRY_PORTION = 4096;

  private final LinkedHashMap<Integer, Entry> byId = new LinkedHashMap<>();
  private final Map<FrozenState, Entry> byState = new HashMap<>();
  private final int maxStates;
  private int lastId;

  /** A state and its id. */
  private static final class Entry {
    final int id;
    final FrozenState state;
    long neededNs;

    Entry(int id, FrozenState state, long nowNs) {
      this.id = id;
      this.state = state;
      this.neededNs = nowNs;
    }
  }

  /** An empty table. */
  public RecirculationTable() {
    this(MAX_STATES);
  }

  RecirculationTable(int maxStates) {
    this.maxStates = maxStates;
  }

  /** The id of {@code state}, a new one if it has none; {@link #NONE} where the table is full. */
  public synchronized int idOf(FrozenState state, long nowNs) {
    Entry entry = byState.get(state);
    if (entry == null) {
      if (byState.size() >= maxStates) {
        return NONE;
      }
      entry = new Entry(nextId(), state, nowNs);
      byState.put(state, entry);
    }
    need(entry, nowNs);
    return entry.id;
  }

  /** The state of {@code id}; null where there is none, or none any more. */
  public synchronized FrozenState find(int id, long nowNs) {
    Entry entry = byId.get(id);
    if (entry == null) {
      return null;
    }
    need(entry, nowNs);
    return entry.state;
  }

  /** Keeps {@code id}: something still leads to it. */
  public synchronized void touch(int id, long nowNs) {
    Entry entry = byId.get(id);
    if (entry != null) {
      need(entry, nowNs);
    }
  }

  /** Gives up ids not needed for a while, a portion at most; says how many those were. */
  public synchronized int expire(long nowNs) {
    int count = 0;
    Iterator<Entry> each = byId.values().iterator();
    while (count < EXPIRY_PORTION && each.hasNext()) {
      Entry entry = each.next();
      if (nowNs - entry.neededNs <= LINGER_NS) {
        break;
      }
      each.remove();
      byState.remove(entry.state);
      count++;
    }
    return count;
  }

  /** How many ids stand for something. */
  public synchronized int size() {
    return byId.size();
  }

  private void need(Entry entry, long nowNs) {
    entry.neededNs = Math.max(entry.neededNs, nowNs);
    byId.putLast(entry.id, entry);
  }

  private int nextId() {
    do {
      lastId = lastId == Integer.MAX_VALUE ? 1 : lastId + 1;
    } while (byId.containsKey(lastId));
    return lastId;
  }
}
