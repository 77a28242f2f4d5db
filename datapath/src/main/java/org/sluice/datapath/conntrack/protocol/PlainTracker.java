package org.sluice.datapath.conntrack.protocol;

import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * Follows protocols of which only matters who has spoken: all but TCP. The timer is the state.
 * Stateless; the record must be locked.
 */
public final class PlainTracker {
  private static final int OTHER_FIRST = Timer.OTHER_FIRST.index();
  private static final int OTHER_MULTIPLE = Timer.OTHER_MULTIPLE.index();
  private static final int OTHER_BIDIRECTIONAL = Timer.OTHER_BIDIRECTIONAL.index();
  private static final int ICMP_FIRST = Timer.ICMP_FIRST.index();
  private static final int ICMP_REPLY = Timer.ICMP_REPLY.index();
  private static final int SCTP_CLOSED = Timer.SCTP_CLOSED.index();

  private PlainTracker() {}

  /** Starts following a connection by its first packet. */
  public static void start(long record) {
    boolean isIcmp = ConnectionKey.isIcmp(ConnectionRecord.word(record));
    ConnectionRecord.putTimer(record, isIcmp ? ICMP_FIRST : OTHER_FIRST);
  }

  /** Moves a connection on by a packet; returns a {@link Verdict}. */
  public static int update(long record, int direction) {
    int timer = next(ConnectionRecord.timer(record), direction);
    ConnectionRecord.putTimer(record, timer);
    return verdict(timer);
  }

  private static int next(int timer, int direction) {
    if (timer == ICMP_FIRST || timer == ICMP_REPLY) {
      return direction != 0 ? ICMP_REPLY : timer;
    }
    if (direction != 0) {
      return OTHER_BIDIRECTIONAL;
    }
    return timer == OTHER_FIRST ? OTHER_MULTIPLE : timer;
  }

  private static int verdict(int timer) {
    boolean isAnswered = timer == OTHER_BIDIRECTIONAL || timer == ICMP_REPLY;
    return isAnswered || timer == SCTP_CLOSED ? Verdict.ESTABLISHED : Verdict.NEW;
  }

  /** What {@link #update} would return if it changed nothing; INVALID if it would. */
  public static int steadyVerdict(int timer, int direction) {
    return next(timer, direction) == timer ? verdict(timer) : Verdict.INVALID;
  }
}
