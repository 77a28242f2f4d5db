package org.sluice.datapath.conntrack.protocol;

import static java.util.Arrays.fill;
import static java.util.Arrays.stream;

import java.util.Map;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;

/**
 * How long each {@link Timer} runs, in general and in zones with a policy of their own. Read by
 * packet threads, replaced by any thread.
 */
public final class Timeouts {
  private static final int ZONES = 1 << 16;

  /** In a zone's policy: as in general. */
  private static final int NOT_NAMED = -1;

  private volatile int[] milliseconds =
      stream(Timer.values()).mapToInt(t -> t.defaultSeconds() * 1000).toArray();

  /** Per zone; null for a zone without a policy, and as a whole where no zone has one. */
  private volatile int[][] byZone;

  private int zonesWithPolicy;

  /** Milliseconds for the timer of that ordinal in a zone. */
  public int ms(int zone, int timer) {
    int[][] zones = byZone;
    int[] own = zones == null ? null : zones[zone];
    return own == null || own[timer] == NOT_NAMED ? milliseconds[timer] : own[timer];
  }

  /** Milliseconds for the timer of that ordinal on the connection at {@code record}. */
  public int msFor(long record, int timer) {
    return ms(ConnectionKey.zone(ConnectionRecord.word(record)), timer);
  }

  /** Sets a timeout for packets from now on, but for those in zones whose policy names it. */
  public synchronized void set(Timer timer, int seconds) {
    int[] changed = milliseconds.clone();
    changed[timer.index()] = seconds * 1000;
    milliseconds = changed;
  }

  /**
   * Gives a zone a policy; timers that it does not name run as in general. Without any the zone has
   * none.
   */
  public synchronized void setZone(int zone, Map<Timer, Integer> seconds) {
    int[] own = null;
    if (!seconds.isEmpty()) {
      own = new int[Timer.values().length];
      fill(own, NOT_NAMED);
      for (Map.Entry<Timer, Integer> each : seconds.entrySet()) {
        own[each.getKey().index()] = each.getValue() * 1000;
      }
    }
    int[][] zones = byZone == null ? new int[ZONES][] : byZone.clone();
    zonesWithPolicy += (own == null ? 0 : 1) - (zones[zone] == null ? 0 : 1);
    zones[zone] = own;
    byZone = zonesWithPolicy == 0 ? null : zones;
  }
}
