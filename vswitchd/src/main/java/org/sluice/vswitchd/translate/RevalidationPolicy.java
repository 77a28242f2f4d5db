package org.sluice.vswitchd.translate;

/**
 * How long megaflows stay and how hard it is tried to keep them true.
 *
 * @param maxIdleNs a megaflow unused for that long goes
 * @param minIntervalNs the time between two rounds where everything changes, at least
 * @param maxIntervalNs the time between two rounds where nothing changes, at most
 * @param minPacketsPerSecond a megaflow with fewer is not worth translating again when rounds are
 *     slow
 * @param flowLimit megaflows kept, at most, however fast rounds are
 */
public record RevalidationPolicy(
    long maxIdleNs,
    long minIntervalNs,
    long maxIntervalNs,
    int minPacketsPerSecond,
    int flowLimit) {
  private static final long MILLISECOND_NS = 1_000_000L;

  /** What a switch does that nobody configured. */
  public static final RevalidationPolicy DEFAULT =
      new RevalidationPolicy(
          10_000 * MILLISECOND_NS, 5 * MILLISECOND_NS, 500 * MILLISECOND_NS, 5, 200_000);

  /** The same with no pause between rounds where something changes: for a clock that stands. */
  public RevalidationPolicy withoutPause() {
    return new RevalidationPolicy(maxIdleNs, 0, maxIntervalNs, minPacketsPerSecond, flowLimit);
  }
}
