package org.sluice.vswitchd.classifier;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a rule has carried and when. Outlives the {@link Rule} object where a modification replaces
 * it, so that whoever credits an old version credits the new one too. Any thread may credit and
 * read.
 */
public final class RuleStatistics {
  // Fields and not AtomicLongs: there may be a million of these.
  private static final VarHandle PACKETS = handle("packets");
  private static final VarHandle BYTES = handle("bytes");
  private static final VarHandle USED_NS = handle("usedNs");

  private volatile long packets;
  private volatile long bytes;
  private volatile long usedNs;

  /** Nothing carried; counts as used at {@code nowNs}, from where the idle timeout runs. */
  public RuleStatistics(long nowNs) {
    usedNs = nowNs;
  }

  private static VarHandle handle(String field) {
    try {
      return MethodHandles.lookup().findVarHandle(RuleStatistics.class, field, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Adds packets and bytes, the last of them seen at {@code atNs}. */
  public void credit(long morePackets, long moreBytes, long atNs) {
    PACKETS.getAndAdd(this, morePackets);
    BYTES.getAndAdd(this, moreBytes);
    long last = usedNs;
    while (last < atNs && !USED_NS.compareAndSet(this, last, atNs)) {
      last = usedNs;
    }
  }

  public long packets() {
    return packets;
  }

  public long bytes() {
    return bytes;
  }

  /** When a packet last hit, or when the rule was added if none has. */
  public long usedNs() {
    return usedNs;
  }
}
