package org.sluice.datapath.conntrack;

import java.util.function.Consumer;
import org.sluice.datapath.conntrack.nat.PortPools;

/**
 * Shows all port pools, a portion at a time, as {@link ConnectionWalk} shows connections. One that
 * is there from the first portion to the last is shown once. For one thread at a time.
 */
public final class PortPoolWalk {
  private final PortPools.Cursor cursor;

  PortPoolWalk(PortPools pools) {
    this.cursor = pools.cursor();
  }

  /** Shows the next portion as it is now; false if this was the last. */
  public boolean next(Consumer<PortPoolSnapshot> visitor) {
    return cursor.next((pool, used) -> visitor.accept(PortPoolSnapshot.of(pool, used)));
  }
}
