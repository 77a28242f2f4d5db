package org.sluice.datapath.conntrack.table;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

/**
 * Free slots that one packet thread has at hand for the connections that it is going to make; taken
 * from the {@link ConnectionSlab} by the batch, in the order in which they lie in memory.
 *
 * <p>A connection's shard is a matter of chance. When each shard had fresh slots of its own,
 * records made one after the other lay far apart, and each began with a wait for three lines of
 * memory. Now they follow each other, as the processor expects.
 *
 * <p>Owned by that thread. Others only ask for its size, and get one that may be a batch off while
 * the thread is at work.
 */
public final class SlotSupply {
  private static final int BATCH = 32;

  private final ConnectionSlab slab;
  private final int[] slots = new int[BATCH];
  private int next = BATCH;
  private int end = BATCH;

  /** Whether none was taken since {@link #giveBackIfIdle} was called last. */
  private boolean isIdle;

  SlotSupply(ConnectionSlab slab) {
    this.slab = slab;
  }

  /** Slots at hand. */
  int size() {
    return end - next;
  }

  /** A free slot, of undefined content but for the lock word; NIL if memory is used up. */
  int take() {
    isIdle = false;
    if (next == end) {
      fill();
    }
    return next == end ? NIL : slots[next++];
  }

  private void fill() {
    next = 0;
    end = 0;
    slab.lock();
    int index = slab.allocateLocked();
    while (index != NIL) {
      slots[end++] = index;
      index = end == BATCH ? NIL : slab.allocateLocked();
    }
    slab.unlock();
  }

  /** Gives the slots back that are at hand. */
  void giveBack() {
    slab.lock();
    while (end > next) {
      slab.freeLocked(slots[--end]);
    }
    slab.unlock();
  }

  /**
   * To be called now and then: gives the slots back if none has been wanted since the last time, so
   * that the chunk which they are in can become empty.
   */
  public void giveBackIfIdle() {
    if (isIdle && next < end) {
      giveBack();
    }
    isIdle = true;
  }
}
