package org.sluice.vswitchd.classifier;

import java.util.TreeMap;
import java.util.function.LongFunction;

/**
 * Which version of the flow and group tables is in force, shared by all switches of a process.
 *
 * <p>How can ten thousand rules change at one moment, under packets that look them up without ever
 * waiting? Nothing is changed in place. Every rule and group is {@link Versioned}: it knows the
 * version it came in and the one it goes in. Whoever holds the writer lock works on the next
 * version: what it puts in is there for lookups to step over, what it takes out stays. Then {@link
 * #publish} raises one number, and for every walk through the tables that begins from then on all
 * of it has happened. A walk keeps the version it began with, through all its lookups, so it never
 * sees half of a change; a change that is given up was never seen.
 *
 * <p>What has gone is kept for a while, since a walk may still be about in the version before. How
 * long is not left to the walks, which would have to say when they come and go: the writer keeps it
 * until it has published a few more versions or a tick has passed, then {@link #giveUp gives up}
 * the old versions <em>before</em> it takes the rules out. A walk slower than that finds after a
 * lookup that its version is no longer kept, and looks again in the current one. It may then have
 * seen two versions, as every walk did before there were any, but never a table that was in no
 * version at all.
 *
 * <p>Whoever reads whole tables is too slow for that, and to begin anew would not help him where
 * changes never end. There are few of those, so they do say when they come and go: {@link #read}.
 * Where so much has gone meanwhile that it would fill the memory, the writer {@link #awaitReaders
 * waits} for them.
 *
 * <p>The writer's methods are called under the writer lock; all others by any thread.
 */
public final class TableVersions {
  private volatile long current;
  private volatile long oldest;
  private long rules;

  /** How many read in which version; guarded by this object. */
  private final TreeMap<Long, Integer> reading = new TreeMap<>();

  /** The version in force. */
  public long current() {
    return current;
  }

  /** The version that the writer is making. Writer only. */
  public long next() {
    return current + 1;
  }

  /** Puts the version that was being made in force. Writer only. */
  public void publish() {
    current = next();
  }

  /** Whether whatever was in the tables in {@code version} is in them still. */
  public boolean keeps(long version) {
    return version >= oldest;
  }

  /** Whether any version that is kept may have {@code item}. */
  public boolean keeps(Versioned item) {
    return !item.isOver(oldest);
  }

  /**
   * No longer keeps the versions before {@code version}, or before one in which somebody {@link
   * #read reads}; what ended in it or earlier may be taken out from then on. Writer only.
   */
  public synchronized void giveUp(long version) {
    long wanted = reading.isEmpty() ? version : Math.min(version, reading.firstKey());
    oldest = Math.max(oldest, wanted);
  }

  /**
   * What {@code reader} makes of the current version, which is kept until it is through. Nothing
   * that ends meanwhile is forgotten, so it must not wait for anybody. Any thread.
   */
  public <T> T read(LongFunction<T> reader) {
    long version = begin();
    try {
      return reader.apply(version);
    } finally {
      end(version);
    }
  }

  private synchronized long begin() {
    long version = current; // once: the writer publishes without this lock
    reading.merge(version, 1, Integer::sum);
    return version;
  }

  private synchronized void end(long version) {
    reading.computeIfPresent(version, (_, count) -> count == 1 ? null : count - 1);
    notifyAll();
  }

  /**
   * Waits until whoever {@link #read reads} in an earlier version than the current one is through.
   * Writer only, where more has been kept for readers than there is room for.
   */
  public synchronized void awaitReaders() {
    boolean isInterrupted = false;
    while (!reading.isEmpty() && reading.firstKey() < current) {
      try {
        wait();
      } catch (InterruptedException _) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The highest number that a rule has got. Writer only. */
  public long lastSequence() {
    return rules;
  }

  /** A number for a rule that is put in: higher than all before. Writer only. */
  long nextSequence() {
    return ++rules;
  }
}
