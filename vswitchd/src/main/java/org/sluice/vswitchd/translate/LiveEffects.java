package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.Translation;

/**
 * The effects of an installed translation, performed again whenever its megaflow has carried
 * packets; and as of when the translation was made, which tells whether it may be out of date.
 *
 * <p>Made by the thread that missed, which credits that one packet itself where no megaflow is
 * made; otherwise the revalidating thread alone calls it.
 */
final class LiveEffects implements Translation.StatisticsSink {
  private final EffectPerformer performer;
  private volatile List<Effect> effects;
  private volatile long sequence;

  /** Whether the packet that missed, which has taught already, is still to be counted. */
  private boolean first = true;

  /** {@code sequence}: {@link Topology#changeSequence} from before the translation was begun. */
  LiveEffects(EffectPerformer performer, List<Effect> effects, long sequence) {
    this.performer = performer;
    this.effects = effects;
    this.sequence = sequence;
  }

  /** Whether nothing had changed by {@code currentSequence} since the translation was made. */
  boolean isCurrent(long currentSequence) {
    return sequence == currentSequence;
  }

  /** Takes over what the same packets came to in a later translation. */
  void renew(List<Effect> newEffects, long newSequence) {
    effects = newEffects;
    sequence = newSequence;
  }

  /** Whether {@code later} teaches a rule that the effects so far do not. */
  boolean teachesOtherwise(List<Effect> later) {
    for (Effect effect : later) {
      if (effect instanceof Effect.LearnRule && !effects.contains(effect)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void credit(long packets, long bytes, long usedNs, int tcpFlags) {
    boolean teaches = packets > 1 || !first;
    first = false;
    performer.credit(
        effects, new EffectPerformer.Carried(packets, bytes, usedNs, tcpFlags, teaches));
  }
}
