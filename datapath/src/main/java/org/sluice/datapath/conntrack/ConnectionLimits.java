package org.sluice.datapath.conntrack;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.sluice.datapath.packet.DropReason;

/** How many connections there are and may be, in all and per zone. Any thread may call it. */
public final class ConnectionLimits {
  /** No limit. */
  public static final int UNLIMITED = -1;

  private static final int ZONES = 1 << 16;

  private final AtomicInteger total = new AtomicInteger();
  private final AtomicIntegerArray perZone = new AtomicIntegerArray(ZONES);

  /** A zone's own limit + 1; 0 where the default is in force. */
  private final AtomicLongArray ownLimits = new AtomicLongArray(ZONES);

  private final AtomicLong refusedByTotal = new AtomicLong();
  private final AtomicLong refusedByZone = new AtomicLong();
  private volatile int maxConnections;
  private volatile long defaultZoneLimit = UNLIMITED;
  private volatile boolean setByDatabase;

  ConnectionLimits(int maxConnections) {
    this.maxConnections = maxConnections;
  }

  /** Makes room for a connection; null, or which limit forbids it. */
  DropReason reserve(int zone) {
    long limit = zoneLimit(zone);
    if (perZone.incrementAndGet(zone) > limit && limit != UNLIMITED) {
      perZone.decrementAndGet(zone);
      return DropReason.CT_ZONE_LIMIT;
    }
    if (total.incrementAndGet() > maxConnections) {
      release(zone);
      return DropReason.CT_FULL;
    }
    return null;
  }

  /** A connection was not made, for one of the reasons that {@link #reserve} gives. */
  void refused(DropReason reason) {
    (reason == DropReason.CT_FULL ? refusedByTotal : refusedByZone).incrementAndGet();
  }

  /** A connection is gone, or was not made. */
  void release(int zone) {
    total.decrementAndGet();
    perZone.decrementAndGet(zone);
  }

  /** The limit in force in a zone; {@link #UNLIMITED} for none. */
  public long zoneLimit(int zone) {
    long own = ownLimits.get(zone);
    return own == 0 ? defaultZoneLimit : own - 1;
  }

  /** The zones that have a limit of their own. */
  public List<Integer> zonesWithLimit() {
    return IntStream.range(0, ZONES).filter(zone -> ownLimits.get(zone) != 0).boxed().toList();
  }

  /** Whether the limits are the database's, and not to be changed by commands. */
  public boolean isSetByDatabase() {
    return setByDatabase;
  }

  /** Says whether the limits are the database's. */
  public void setSetByDatabase(boolean isSetByDatabase) {
    setByDatabase = isSetByDatabase;
  }

  /** Gives a zone a limit of its own, 0 included; {@link #UNLIMITED} takes it away. */
  public void setZoneLimit(int zone, long limit) {
    ownLimits.set(zone, limit + 1);
  }

  /** Limit of the zones that have none of their own. */
  public long defaultZoneLimit() {
    return defaultZoneLimit;
  }

  /** Sets the limit of the zones that have none of their own; {@link #UNLIMITED} for none. */
  public void setDefaultZoneLimit(long limit) {
    defaultZoneLimit = limit;
  }

  /** Connections at most, in all. */
  public int maxConnections() {
    return maxConnections;
  }

  /** Sets how many connections there may be in all; those beyond stay. */
  public void setMaxConnections(int max) {
    maxConnections = max;
  }

  /** Connections there are. */
  public int count() {
    return total.get();
  }

  /** Connections in a zone. */
  public int count(int zone) {
    return perZone.get(zone);
  }

  /** Commits refused because the table was full. */
  public long refusedByTotal() {
    return refusedByTotal.get();
  }

  /** Commits refused because a zone was full. */
  public long refusedByZone() {
    return refusedByZone.get();
  }
}
