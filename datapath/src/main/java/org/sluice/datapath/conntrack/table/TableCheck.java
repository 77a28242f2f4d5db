package org.sluice.datapath.conntrack.table;

import static org.sluice.datapath.conntrack.table.ConnectionRecord.NIL;

import java.util.BitSet;
import java.util.List;

/** Walks all of a quiet table and counts whether everything is where it must be, once. */
final class TableCheck {
  private final ConnectionSlab slab;
  private final Shard[] shards;
  private final List<SlotSupply> supplies;
  private final BitSet seen = new BitSet();
  private int expectedFree;

  TableCheck(ConnectionSlab slab, Shard[] shards, List<SlotSupply> supplies) {
    this.slab = slab;
    this.shards = shards;
    this.supplies = supplies;
  }

  boolean isConsistent(int others) {
    int live = 0;
    int aliases = 0;
    int inWheels = 0;
    int counted = 0;
    for (int index = 1; index < slab.usedRecords(); index++) {
      long record = slab.address(index);
      int flags = ConnectionRecord.flags(record);
      if ((flags & ConnectionRecord.LIVE) != 0) {
        live++;
        if (!isReachable(index, record)) {
          return false;
        }
      } else if ((flags & ConnectionRecord.ALIAS) != 0) {
        aliases++;
        if (!isOwned(index, record)) {
          return false;
        }
      }
    }
    for (Shard shard : shards) {
      counted += shard.count();
      inWheels += shard.wheel.count();
      expectedFree += shard.cachedSlots();
    }
    for (SlotSupply supply : supplies) {
      expectedFree += supply.size();
    }
    expectedFree += slab.freeRecords();
    int accounted = expectedFree + live + seen.cardinality() + others;
    return counted == live + aliases && inWheels == live && accounted == slab.usedRecords() - 1;
  }

  /** Whether the record is in its chain, unlocked, in a timer slot; notes its extension. */
  private boolean isReachable(int index, long record) {
    int extension = ConnectionRecord.extension(record);
    if (extension != NIL) {
      if (seen.get(extension)) {
        return false;
      }
      seen.set(extension);
    }
    return isInChain(index, record)
        && !ConnectionRecord.isLocked(record)
        && ConnectionRecord.wheelPrevious(record) != NIL;
  }

  /** Whether the alias is in its chain and its owner says that it has it. */
  private boolean isOwned(int index, long record) {
    int owner = ConnectionRecord.owner(record);
    return owner != NIL
        && ConnectionRecord.extension(slab.address(owner)) == index
        && isInChain(index, record);
  }

  private boolean isInChain(int index, long record) {
    int hash = ConnectionRecord.hash(record);
    int at = shards[hash >>> 24].head(hash);
    while (at != NIL && at != index) {
      at = ConnectionRecord.next(slab.address(at));
    }
    return at == index;
  }
}
