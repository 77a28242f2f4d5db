package org.sluice.datapath.datapath;

import org.sluice.datapath.packet.PacketBatch;

/**
 * A port as the packet thread that receives from it sees it: how many misses it may still cause,
 * and whether it is its turn. Owned by that thread.
 *
 * <p><b>Turns.</b> A miss takes as long as many packets that a cache answers. If every port simply
 * got one batch a round, a port all of whose packets miss would leave the others 32 packets for
 * every 32 translations. So a port pays for its misses: it is passed over until the other ports
 * have been given about as much time, or have nothing more to do. A port that has the thread for
 * itself never waits.
 *
 * <p><b>Silence.</b> Where asking costs a system call, a device that has had nothing for some
 * rounds is asked in one round of {@value #SILENT_ROUNDS} only, and when a sleep has ended.
 */
final class PolledPort {
  /** What a miss costs, in packets that a cache answers. */
  private static final int MISS_COST = 64;

  /** What a round costs beside its packets: devices are looked at and told to send. */
  private static final int ROUND_COST = 32;

  /** Empty answers after which a device is taken for silent. */
  private static final int EMPTY_BEFORE_SILENT = 4;

  /** A silent device is asked once in so many rounds. */
  private static final int SILENT_ROUNDS = 16;

  /** The port; null stands for packets that nobody received. */
  final Port port;

  private final MissLimiter limiter;
  private final boolean isCostlyToAsk;
  private int debt;
  private int emptyAnswers;
  private int roundsToSkip;

  PolledPort(Port port, int missesPerSecond, long nowNs) {
    this.port = port;
    this.limiter = new MissLimiter(missesPerSecond, nowNs);
    this.isCostlyToAsk = port != null && port.netdev().isCostlyToAsk();
  }

  /** Takes what has arrived, or nothing where the device need not be asked in this round. */
  int receive(PacketBatch batch) {
    if (roundsToSkip > 0) {
      roundsToSkip--;
      return 0;
    }
    int count = port.netdev().receive(batch);
    if (isCostlyToAsk) {
      emptyAnswers = count > 0 ? 0 : Math.min(emptyAnswers + 1, EMPTY_BEFORE_SILENT);
      roundsToSkip = emptyAnswers == EMPTY_BEFORE_SILENT ? SILENT_ROUNDS - 1 : 0;
    }
    return count;
  }

  /** Has the device asked in the next round. */
  void expect() {
    roundsToSkip = 0;
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
