package org.sluice.vswitchd.classifier;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many rules have which hash value: enough to say that a packet is unlike any of them, and in
 * one case of four billion too cautious to say so.
 *
 * <p>Each slot is one word, the hash above its count, written whole; a hash whose last rule has
 * gone keeps its slot with a count of 0 until the table is made anew, so that a reader's search
 * never breaks off early. The one writer adds and removes; any thread asks and never waits.
 */
final class HashCounts {
  private static final int FIRST_CAPACITY = 8;
  private static final long COUNT_BITS = 0x7fff_ffffL;

  /** Tells a slot that is in use from one that never was. */
  private static final long USED = 0x8000_0000L;

  private volatile AtomicLongArray slots = new AtomicLongArray(FIRST_CAPACITY);

  /** Slots in use, and hashes that some rule has. */
  private int used;

  private int live;

  /** Whether some rule has {@code hash}. */
  boolean has(int hash) {
    AtomicLongArray table = slots;
    return (table.get(find(table, hash)) & COUNT_BITS) != 0;
  }

  /** The slot of {@code hash}, or the unused one where it would be. */
  private static int find(AtomicLongArray table, int hash) {
    int mask = table.length() - 1;
    int slot = hash & mask;
    long word = table.get(slot);
    while (word != 0 && (int) (word >>> 32) != hash) {
      slot = slot + 1 & mask;
      word = table.get(slot);
    }
    return slot;
  }

  /** Counts one more rule that has {@code hash}. Writer only. */
  void add(int hash) {
    int slot = find(slots, hash);
    long word = slots.get(slot);
    if (word == 0) {
      used++;
      word = (long) hash << 32 | USED;
    }
    live += (word & COUNT_BITS) == 0 ? 1 : 0;
    slots.set(slot, word + 1);
    if (2 * used > slots.length()) {
      rebuild();
    }
  }

  /** Counts one less; there must be one. Writer only. */
  void remove(int hash) {
    int slot = find(slots, hash);
    long word = slots.get(slot);
    assert (word & COUNT_BITS) != 0 : "no rule has this hash";
    live -= (word & COUNT_BITS) == 1 ? 1 : 0;
    slots.set(slot, word - 1);
  }

  /** Without what has gone, with room for as much again. */
  private void rebuild() {
    AtomicLongArray old = slots;
    int capacity = FIRST_CAPACITY;
    while (capacity < 4 * live) {
      capacity *= 2;
    }
    AtomicLongArray made = new AtomicLongArray(capacity);
    for (int i = 0; i < old.length(); i++) {
      long word = old.get(i);
      if ((word & COUNT_BITS) != 0) {
        made.setPlain(find(made, (int) (word >>> 32)), word);
      }
    }
    used = live;
    slots = made;
  }
}
