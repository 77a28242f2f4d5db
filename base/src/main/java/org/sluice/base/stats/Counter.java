package org.sluice.base.stats;

import java.util.concurrent.atomic.LongAdder;

/** How often one kind of event has happened. Any thread may count; none waits for another. */
public final class Counter {
  private final LongAdder adder = new LongAdder();

  Counter() {}

  public void increment() {
    adder.increment();
  }

  public void add(long count) {
    adder.add(count);
  }

  public long value() {
    return adder.sum();
  }
}
