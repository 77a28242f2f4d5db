package org.sluice.datapath.conntrack.fragment;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * How fragments are handled, and what became of them, for all packet threads. Any thread may call
 * it.
 */
public final class FragmentLimits {
  /** What becomes of a fragment. */
  public enum Event {
    /** It was held. */
    ACCEPTED,
    /** Its datagram was complete, and it went on. */
    COMPLETED,
    /** Its datagram was not complete in time, or before its packet thread went. */
    EXPIRED,
    /** It is shorter than any but the last fragment may be. */
    TOO_SMALL,
    /** It has bytes of another fragment, the same ones or others. */
    OVERLAPPED,
    /** It was thrown away with its datagram. */
    PURGED
  }

  /** The lowest that the least size may be set to. */
  public static final int LEAST_MIN_BYTES = 400;

  /** The highest that the number of fragments may be set to. */
  public static final int MOST_FRAGMENTS = 5000;

  private static final Event[] EVENTS = Event.values();

  private final LongAdder[] counts = new LongAdder[2 * EVENTS.length];
  private final LongAdder[] tooBig = {new LongAdder(), new LongAdder()};
  private final AtomicInteger held = new AtomicInteger();
  private final boolean[] enabled = {true, true};
  private final int[] minBytes = {1200, 1280};
  private volatile int maxFragments = 1000;

  /** Open vSwitch's limits. */
  public FragmentLimits() {
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  private static int family(boolean ipv6) {
    return ipv6 ? 1 : 0;
  }

  /** Whether fragments of the family are put together; if not they are invalid. */
  public synchronized boolean isEnabled(boolean ipv6) {
    return enabled[family(ipv6)];
  }

  public synchronized void setEnabled(boolean ipv6, boolean isEnabled) {
    enabled[family(ipv6)] = isEnabled;
  }

  /** Bytes, IP header included, that any fragment but the last must have. */
  public synchronized int minBytes(boolean ipv6) {
    return minBytes[family(ipv6)];
  }

  public synchronized void setMinBytes(boolean ipv6, int bytes) {
    minBytes[family(ipv6)] = bytes;
  }

  /** Fragments held at most, in all. */
  public int maxFragments() {
    return maxFragments;
  }

  public void setMaxFragments(int max) {
    maxFragments = max;
  }

  /** Fragments held now. */
  public int held() {
    return held.get();
  }

  /** What has happened to the family's fragments so far. */
  public long count(boolean ipv6, Event event) {
    return counter(ipv6, event).sum();
  }

  @SuppressWarnings("EnumOrdinal")
  private LongAdder counter(boolean ipv6, Event event) {
    return counts[family(ipv6) * EVENTS.length + event.ordinal()];
  }

  /** Datagrams that were too long to be put together. */
  public long tooBig(boolean ipv6) {
    return tooBig[family(ipv6)].sum();
  }

  void countTooBig(boolean ipv6) {
    tooBig[family(ipv6)].increment();
  }

  void count(boolean ipv6, Event event, int fragments) {
    counter(ipv6, event).add(fragments);
  }

  /** Makes room for a fragment; false if there is none. */
  boolean hold() {
    if (held.incrementAndGet() > maxFragments) {
      held.decrementAndGet();
      return false;
    }
    return true;
  }

  void letGo(int fragments) {
    held.addAndGet(-fragments);
  }
}
