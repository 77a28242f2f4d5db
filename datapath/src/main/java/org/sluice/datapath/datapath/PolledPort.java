package org.sluice.datapath.datapath;

/**
 * A port as the packet thread that receives from it sees it: how many misses it may still cause,
 * and whether it is its turn. Owned by that thread.
 *
 * <p><b>Turns.</b> A miss takes as long as many packets that a cache answers. If every port simply
 * got one batch a round, a port all of whose packets miss would leave the others 32 packets for
 * every 32 translations. So a port pays for its misses: it is passed over until the other ports
 * have been given about as much time, or have nothing more to do. A port that has the thread for
 * itself never waits.
 */
final class PolledPort {
  /** What a miss costs, in packets that a cache answers. */
  private static final int MISS_COST = 64;

  /** What a round costs beside its packets: devices are looked at and told to send. */
  private static final int ROUND_COST = 32;

  /** The port; null stands for packets that nobody received. */
  final Port port;

  private final MissLimiter limiter;
  private int debt;

  PolledPort(Port port, int missesPerSecond, long nowNs) {
    this.port = port;
    this.limiter = new MissLimiter(missesPerSecond, nowNs);
  }

  /** Whether one more miss is in order; if so, it is charged for. */
  boolean admitsMiss(long nowNs) {
    if (!limiter.admit(nowNs)) {
      return false;
    }
    debt += MISS_COST;
    return true;
  }

  void setMissesPerSecond(int misses, long nowNs) {
    limiter.setRate(misses, nowNs);
  }

  /** Whether it has to let others go first. */
  boolean isIndebted() {
    return debt > 0;
  }

  int debt() {
    return debt;
  }

  /** Others were given a round of so many packets. */
  void pay(int packets) {
    debt -= packets + ROUND_COST;
  }

  /** Others did not want what they were owed. */
  void forgive(int amount) {
    debt -= amount;
  }
}
