package org.sluice.vswitchd.classifier;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What a rule has carried and when. Outlives the {@link Rule} object where a modification replaces
 * it, so that whoever credits an old version credits the new one too. Any thread may credit and
 * read.
 */
public final class RuleStatistics {
  private final AtomicLong packets = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final AtomicLong usedNs;

  /** Nothing carried; counts as used at {@code nowNs}, from where the idle timeout runs. */
  public RuleStatistics(long nowNs) {
    usedNs = new AtomicLong(nowNs);
  }

  /** Adds {@code packets} and {@code bytes}, the last of them seen at {@code usedNs}. */
  public void credit(long packets, long bytes, long usedNs) {
    this.packets.addAndGet(packets);
    this.bytes.addAndGet(bytes);
    this.usedNs.accumulateAndGet(usedNs, Math::max);
  }

  public long packets() {
    return packets.get();
  }

  public long bytes() {
    return bytes.get();
  }

  /** When a packet last hit, or when the rule was added if none has. */
  public long usedNs() {
    return usedNs.get();
  }
}
