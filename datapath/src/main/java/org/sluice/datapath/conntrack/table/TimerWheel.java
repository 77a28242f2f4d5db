package org.sluice.datapath.conntrack.table;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

/**
 * When to look at which record again: two levels of 64 slots, each a list through the records
 * themselves.
 *
 * <pre>
 *   level 0: slot t % 64 holds what is due at tick t, the next 63 ticks
 *   level 1: slot b % 64 holds what is due in block b = t / 64, the next 63 blocks, or later
 * </pre>
 *
 * <p>The wheel does not know when a record expires, only when to look: {@link #pollDue} hands out a
 * record, and its owner frees it or inserts it again at its present expiry. A packet that extends a
 * connection therefore only writes its timestamp; a block that comes up is spread over level 0, and
 * what lies beyond 63 blocks is put off, by the same means. A bit per slot says which are occupied,
 * so that time may jump by any amount at no cost. Insertion, removal and each poll are O(1).
 *
 * <p>Belongs to the holder of its shard's lock.
 */
final class TimerWheel {
  static final int TICK_MS = 1000;

  private static final int SLOTS = 64;
  private static final int SLOT_MASK = SLOTS - 1;
  private static final int BLOCK_SHIFT = 6;

  private final ConnectionSlab slab;

  /** Level 0's lists, then level 1's. */
  private final int[] heads = new int[2 * SLOTS];

  private long occupied0;
  private long occupied1;
  private long current;
  private int count;

  TimerWheel(ConnectionSlab slab) {
    this.slab = slab;
  }

  /** The tick by which a record that expires at {@code expiresMs} may be freed. */
  static long tickOf(long expiresMs) {
    return Math.ceilDiv(expiresMs, (long) TICK_MS);
  }

  /** Records in the wheel. */
  int count() {
    return count;
  }

  /**
   * Puts a record in, to be looked at in {@code tick} or soon after; the clock shows {@code now}.
   */
  void insert(int index, long tick, long now) {
    if (count == 0) {
      current = Math.max(current, now);
    }
    link(index, slotFor(Math.max(tick, current + 1)));
    count++;
  }

  private int slotFor(long tick) {
    if (tick - current < SLOTS) {
      return (int) tick & SLOT_MASK;
    }
    long block = Math.min(tick >> BLOCK_SHIFT, (current >> BLOCK_SHIFT) + SLOTS - 1);
    return SLOTS + ((int) block & SLOT_MASK);
  }

  private void link(int index, int slot) {
    long record = slab.address(index);
    int head = heads[slot];
    ConnectionRecord.putWheelNext(record, head);
    ConnectionRecord.putWheelPrevious(record, ~slot);
    if (head == NIL) {
      setOccupied(slot);
    } else {
      ConnectionRecord.putWheelPrevious(slab.address(head), index);
    }
    heads[slot] = index;
  }

  /** Takes a record out. */
  void remove(int index) {
    long record = slab.address(index);
    int previous = ConnectionRecord.wheelPrevious(record);
    int next = ConnectionRecord.wheelNext(record);
    assert previous != NIL : "not in the wheel";
    if (next != NIL) {
      ConnectionRecord.putWheelPrevious(slab.address(next), previous);
    }
    if (previous > NIL) {
      ConnectionRecord.putWheelNext(slab.address(previous), next);
    } else {
      heads[~previous] = next;
      if (next == NIL) {
        clearOccupied(~previous);
      }
    }
    ConnectionRecord.putWheelPrevious(record, NIL);
    count--;
  }

  private void setOccupied(int slot) {
    if (slot < SLOTS) {
      occupied0 |= 1L << slot;
    } else {
      occupied1 |= 1L << slot;
    }
  }

  private void clearOccupied(int slot) {
    if (slot < SLOTS) {
      occupied0 &= ~(1L << slot);
    } else {
      occupied1 &= ~(1L << slot);
    }
  }

  /**
   * Takes out a record whose time to be looked at has come; NIL if there is none at {@code now}.
   */
  int pollDue(long now) {
    while (count != 0) {
      int slot = SLOTS + ((int) (current >> BLOCK_SHIFT) & SLOT_MASK);
      if ((current & SLOT_MASK) != 0 || heads[slot] == NIL) {
        slot = (int) current & SLOT_MASK;
      }
      int head = heads[slot];
      if (head != NIL) {
        remove(head);
        return head;
      }
      if (current >= now) {
        return NIL;
      }
      current = Math.min(now, nextOccupied());
    }
    current = Math.max(current, now);
    return NIL;
  }

  /** The next tick after the current one at which a slot is to be emptied. */
  private long nextOccupied() {
    long next = Long.MAX_VALUE;
    long ahead0 = Long.rotateRight(occupied0, (int) (current + 1) & SLOT_MASK);
    if (ahead0 != 0) {
      next = current + 1 + Long.numberOfTrailingZeros(ahead0);
    }
    long block = current >> BLOCK_SHIFT;
    long ahead1 = Long.rotateRight(occupied1, (int) (block + 1) & SLOT_MASK);
    if (ahead1 != 0) {
      long start = (block + 1 + Long.numberOfTrailingZeros(ahead1)) << BLOCK_SHIFT;
      next = Math.min(next, start);
    }
    return next;
  }
}
