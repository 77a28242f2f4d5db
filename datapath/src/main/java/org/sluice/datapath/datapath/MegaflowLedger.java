package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the megaflow tables of all packet threads have in common: how many there may be together,
 * and which have gone without anybody having passed on the last of what they carried. Any thread.
 */
final class MegaflowLedger {
  private final AtomicInteger installed = new AtomicInteger();
  private final Queue<Megaflow> departed = new ConcurrentLinkedQueue<>();
  private volatile int limit;

  MegaflowLedger(int limit) {
    this.limit = limit;
  }

  void setLimit(int newLimit) {
    limit = newLimit;
  }

  /** Whether one more may be installed. Threads that ask at once may exceed it by one each. */
  boolean hasRoom() {
    return installed.get() < limit;
  }

  void noteInstalled() {
    installed.incrementAndGet();
  }

  /** A megaflow has left its table, its counters are final. */
  void noteDeparted(Megaflow megaflow) {
    installed.decrementAndGet();
    if (megaflow.hasUncredited()) {
      departed.add(megaflow);
    }
  }

  /** Those that have gone since this was asked last and have something to pass on. */
  List<Megaflow> takeDeparted() {
    List<Megaflow> taken = new ArrayList<>();
    for (Megaflow each = departed.poll(); each != null; each = departed.poll()) {
      taken.add(each);
    }
    return taken;
  }
}
