package org.sluice.datapath.datapath;

import java.util.List;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.packet.DropReason;

/**
 * What a missed packet's way through the flow tables came to.
 *
 * @param actions to run, now and for every later packet that agrees under {@code mask}
 * @param mask every bit that the translation looked at
 * @param install whether a megaflow may be made of it
 * @param drop why {@code actions} is empty; null where it is not
 * @param statistics told of the packets that the megaflow carries, by the revalidating thread; or
 *     of the one that missed, by its own, where no megaflow is made
 */
public record Translation(
    List<DpAction> actions,
    FlowMask mask,
    boolean install,
    DropReason drop,
    StatisticsSink statistics) {
  public Translation {
    actions = List.copyOf(actions);
  }

  /**
   * The same with another mask, such as one that many share: a mask is longer than all the rest.
   */
  Translation under(FlowMask other) {
    return new Translation(actions, other, install, drop, statistics);
  }

  /** Takes what a megaflow has carried since it was last asked. */
  public interface StatisticsSink {
    /**
     * Adds {@code packets} and {@code bytes}, the last of them at {@code usedNs}, with the union of
     * their TCP flags.
     */
    void credit(long packets, long bytes, long usedNs, int tcpFlags);
  }
}
