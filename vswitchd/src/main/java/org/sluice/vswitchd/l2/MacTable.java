package org.sluice.vswitchd.l2;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which bundle a station was last heard behind, by MAC address and VLAN.
 *
 * <p>An entry lives for the idle time after the last frame from its station. A full table makes
 * room by dropping the oldest entry of the bundle that has most: a host that invents addresses
 * drives out its own, not its neighbours'. Entries therefore lie in two orders of use at once, one
 * over the whole table (for ageing and for showing) and one per bundle (for making room).
 *
 * <p>A gratuitous ARP heard on a plain port locks its entry for five seconds against being moved by
 * another gratuitous ARP on a bond: the remote switch floods a bond's own announcement back over
 * its other members, and that reflection must not win.
 *
 * <p>Safe for several threads. Sightings may be told late, as counters are read: one that is older
 * than what is known of its station changes nothing.
 */
public final class MacTable {
  /** What a lookup of an unknown station gives. */
  public static final int UNKNOWN = -1;

  /** Entries kept unless configured otherwise. */
  public static final int DEFAULT_MAX_ENTRIES = 8192;

  /** Idle time unless configured otherwise. */
  public static final int DEFAULT_IDLE_SECONDS = 300;

  private static final long NANOS = 1_000_000_000L;
  private static final long GRATUITOUS_ARP_LOCK_NS = 5 * NANOS;

  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final LinkedHashMap<Long, Entry> byUse = new LinkedHashMap<>();
  private final Map<Integer, LinkedHashMap<Long, Entry>> byBundle = new HashMap<>();

  private int maxEntries = DEFAULT_MAX_ENTRIES;
  private int idleSeconds = DEFAULT_IDLE_SECONDS;
  private int staticEntries;
  private long learned;
  private long expired;
  private long evicted;
  private long moved;
  private final AtomicLong sequence = new AtomicLong();

  /** One station. */
  private static final class Entry {
    final long key;
    int bundleId;
    boolean isStatic;
    long usedNs;
    long lockedUntilNs = Long.MIN_VALUE;

    Entry(long key, int bundleId) {
      this.key = key;
      this.bundleId = bundleId;
    }
  }

  /** What a learning switch is told about one frame's sender. */
  public record Sighting(long mac, int vlan, int bundleId, boolean gratuitousArp, boolean bond) {
    /** Whether the address is one that a station may have. */
    public boolean learnable() {
      return (mac & 1L << 40) == 0;
    }
  }

  /** How full the table is and what has happened to it. */
  public record Statistics(
      int entries,
      int maxEntries,
      int staticEntries,
      long learned,
      long expired,
      long evicted,
      long moved) {}

  /** Changes how many entries are kept (10 to a million) and for how long (15 s to an hour). */
  public void configure(int newMaxEntries, int newIdleSeconds) {
    writing(() -> {
      maxEntries = Math.clamp(newMaxEntries, 10, 1_000_000);
      idleSeconds = Math.clamp(newIdleSeconds, 15, 3600);
      while (byUse.size() > maxEntries && evict()) {}
      return null;
    });
  }

  /** Counts the times that any lookup's answer has changed. */
  public long sequence() {
    return sequence.get();
  }

  /** The bundle that the station is behind, or {@link #UNKNOWN}. */
  public int lookup(long mac, int vlan) {
    return reading(() -> {
      Entry entry = byUse.get(key(mac, vlan));
      return entry == null ? UNKNOWN : entry.bundleId;
    });
  }

  /** Notes where a frame's sender is; says whether that is news. */
  public boolean learn(Sighting sighting, long nowNs) {
    return sighting.learnable() && writing(() -> learnLocked(sighting, nowNs));
  }

  /** Pins a station to a bundle until it is removed. */
  public void addStatic(long mac, int vlan, int bundleId) {
    writing(() -> {
      Entry entry = byUse.get(key(mac, vlan));
      if (entry == null) {
        entry = insert(key(mac, vlan), bundleId);
      } else {
        place(entry, bundleId);
      }
      staticEntries += entry.isStatic ? 0 : 1;
      entry.isStatic = true;
      sequence.incrementAndGet();
      return null;
    });
  }

  /** Undoes {@link #addStatic}; says whether there was such an entry. */
  public boolean removeStatic(long mac, int vlan) {
    return writing(() -> {
      Entry entry = byUse.get(key(mac, vlan));
      if (entry == null || !entry.isStatic) {
        return false;
      }
      remove(entry);
      return true;
    });
  }

  /** Forgets every learned station; static ones stay. */
  public void flush() {
    removeWhere(entry -> !entry.isStatic);
  }

  /** Forgets every station behind a bundle that is going away. */
  public void forgetBundle(int bundleId) {
    removeWhere(entry -> entry.bundleId == bundleId);
  }

  /** Forgets the stations not heard for the idle time; says how many those were. */
  public int expire(long nowNs) {
    return writing(() -> {
      int count = 0;
      for (Entry entry : idle(nowNs)) {
        remove(entry);
        count++;
      }
      expired += count;
      return count;
    });
  }

  /** The entries, the one used longest ago first. */
  public List<MacEntry> entries(long nowNs) {
    return reading(() -> {
      List<MacEntry> rows = new ArrayList<>(byUse.size());
      for (Entry entry : byUse.values()) {
        rows.add(row(entry, nowNs));
      }
      return rows;
    });
  }

  /** The counters as they are now. */
  public Statistics statistics() {
    return reading(() ->
        new Statistics(byUse.size(), maxEntries, staticEntries, learned, expired, evicted, moved));
  }

  /** Starts the counters of what happened anew. */
  public void clearStatistics() {
    writing(() -> {
      learned = 0;
      expired = 0;
      evicted = 0;
      moved = 0;
      return null;
    });
  }

  private boolean learnLocked(Sighting sighting, long nowNs) {
    long key = key(sighting.mac, sighting.vlan);
    Entry entry = byUse.get(key);
    if (entry == null) {
      entry = insert(key, sighting.bundleId);
      learned++;
      touch(entry, sighting, nowNs);
      return true;
    }
    if (entry.isStatic || nowNs < entry.usedNs) {
      return false;
    }
    boolean news = entry.bundleId != sighting.bundleId && movable(entry, sighting, nowNs);
    place(entry, news ? sighting.bundleId : entry.bundleId);
    touch(entry, sighting, nowNs);
    if (news) {
      moved++;
      sequence.incrementAndGet();
    }
    return news;
  }

  private static boolean movable(Entry entry, Sighting sighting, long nowNs) {
    boolean reflected = sighting.gratuitousArp && sighting.bond && nowNs < entry.lockedUntilNs;
    return !entry.isStatic && !reflected && nowNs >= entry.usedNs;
  }

  private static void touch(Entry entry, Sighting sighting, long nowNs) {
    entry.usedNs = nowNs;
    if (sighting.gratuitousArp && !sighting.bond) {
      entry.lockedUntilNs = nowNs + GRATUITOUS_ARP_LOCK_NS;
    }
  }

  private Entry insert(long key, int bundleId) {
    if (byUse.size() >= maxEntries) {
      evict();
    }
    Entry entry = new Entry(key, bundleId);
    byUse.put(key, entry);
    byBundle.computeIfAbsent(bundleId, id -> new LinkedHashMap<>()).put(key, entry);
    sequence.incrementAndGet();
    return entry;
  }

  /** Makes the entry the most recently used one, of {@code bundleId} from now on. */
  private void place(Entry entry, int bundleId) {
    byUse.remove(entry.key);
    byUse.put(entry.key, entry);
    removeFromBundle(entry);
    entry.bundleId = bundleId;
    byBundle.computeIfAbsent(bundleId, id -> new LinkedHashMap<>()).put(entry.key, entry);
  }

  private void remove(Entry entry) {
    byUse.remove(entry.key);
    removeFromBundle(entry);
    staticEntries -= entry.isStatic ? 1 : 0;
    sequence.incrementAndGet();
  }

  private void removeFromBundle(Entry entry) {
    LinkedHashMap<Long, Entry> entries = byBundle.get(entry.bundleId);
    entries.remove(entry.key);
    if (entries.isEmpty()) {
      byBundle.remove(entry.bundleId);
    }
  }

  /** Drops the oldest learned entry of the bundle with most entries; false if all are static. */
  private boolean evict() {
    Entry victim = null;
    int most = 0;
    for (LinkedHashMap<Long, Entry> entries : byBundle.values()) {
      Entry oldest = entries.size() > most ? oldestLearned(entries) : null;
      if (oldest != null) {
        victim = oldest;
        most = entries.size();
      }
    }
    if (victim == null) {
      return false;
    }
    remove(victim);
    evicted++;
    return true;
  }

  private static Entry oldestLearned(Map<Long, Entry> entries) {
    for (Entry entry : entries.values()) {
      if (!entry.isStatic) {
        return entry;
      }
    }
    return null;
  }

  private List<Entry> idle(long nowNs) {
    List<Entry> found = new ArrayList<>();
    for (Entry entry : byUse.values()) {
      if (!entry.isStatic) {
        if (nowNs - entry.usedNs < idleSeconds * NANOS) {
          break;
        }
        found.add(entry);
      }
    }
    return found;
  }

  private void removeWhere(Predicate<Entry> condition) {
    writing(() -> {
      for (Iterator<Entry> each = byUse.values().iterator(); each.hasNext(); ) {
        Entry entry = each.next();
        if (condition.test(entry)) {
          each.remove();
          removeFromBundle(entry);
          staticEntries -= entry.isStatic ? 1 : 0;
          sequence.incrementAndGet();
        }
      }
      return null;
    });
  }

  private static MacEntry row(Entry entry, long nowNs) {
    long age = entry.isStatic ? 0 : Math.max(0, nowNs - entry.usedNs) / NANOS;
    int vlan = (int) (entry.key & 0xfff);
    return new MacEntry(entry.key >>> 12, vlan, entry.bundleId, entry.isStatic, age);
  }

  private static long key(long mac, int vlan) {
    assert mac >>> 48 == 0 && vlan >>> 12 == 0;
    return mac << 12 | vlan;
  }

  private <T> T reading(Supplier<T> body) {
    lock.readLock().lock();
    try {
      return body.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private <T> T writing(Supplier<T> body) {
    lock.writeLock().lock();
    try {
      return body.get();
    } finally {
      lock.writeLock().unlock();
    }
  }
}
