package org.sluice.vswitchd.translate;

/**
 * How many megaflows there may be: as many as can be looked at in about a second, found out by how
 * long rounds take, as in Open vSwitch. It begins at 10,000 and falls when rounds are slow; it is
 * never below 1,000 unless configured so. While rounds are quick it grows, to what the last one
 * says is possible, but at most to twice what it was: Open vSwitch adds 1,000 a round, which keeps
 * a hundred thousand flows on the slow path for the better part of a minute.
 *
 * <p>The revalidator adapts it; any thread may read and set it.
 */
public final class FlowLimit {
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final int INITIAL = 10_000;
  private static final int LOWEST = 1000;
  private static final int SLOW_MS = 1300;
  private static final int TOO_SLOW_MS = 2000;

  private volatile int limit = INITIAL;
  private volatile History history = new History(0, 0, 0);

  /**
   * What rounds have met.
   *
   * @param averageFlows megaflows, the last rounds counting most
   * @param mostFlows megaflows, at most
   * @param lastRoundNs how long the last round took
   */
  public record History(int averageFlows, int mostFlows, long lastRoundNs) {
    private History after(int flows, long roundNs) {
      return new History((averageFlows + flows) / 2, Math.max(mostFlows, flows), roundNs);
    }
  }

  int get(int configured) {
    return Math.min(limit, configured);
  }

  void set(int flows) {
    limit = flows;
  }

  History history() {
    return history;
  }

  /**
   * Takes account of a round over {@code flows} megaflows. One that was not {@code timed} says
   * nothing of how many there could be: whoever stops time gets what is configured.
   */
  void adapt(int flows, long roundNs, boolean timed, int configured) {
    history = history.after(flows, roundNs);
    int adapted = timed ? adapted(flows, Math.max(1, roundNs / MILLISECOND_NS)) : configured;
    limit = Math.min(configured, Math.max(LOWEST, adapted));
  }

  private int adapted(int flows, long roundMs) {
    int now = limit;
    if (roundMs > TOO_SLOW_MS) {
      return (int) (now / (roundMs / 1000));
    }
    if (roundMs > SLOW_MS) {
      return (int) (now * 3L / 4);
    }
    long possible = flows * 1000L / roundMs;
    return roundMs < 1000 && now < possible ? (int) Math.min(2L * now, possible) : now;
  }
}
