package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.ToController;
import org.sluice.datapath.datapath.Megaflow;
import org.sluice.datapath.datapath.Translation;
import org.sluice.datapath.flow.Field;

/**
 * What a round does about one megaflow: passes on what it has carried to rules, tables and
 * stations; removes it if it was unused for a while; and translates it again if it was made before
 * the last change of anything that a translation may rest on.
 *
 * <p>A new translation that looks at no more than the old one replaces it; one that looks at more
 * shows that the megaflow is too wide, and it goes. Where that would be too much work it goes
 * untried: the next packet brings a fresh one.
 *
 * <p>Keeps nothing; called by one thread at a time, whose turn it is in the {@link Revalidator}.
 */
final class MegaflowReview {
  private static final long SECOND_NS = 1_000_000_000L;

  private final Datapath datapath;
  private final Topology topology;
  private final RecirculationTable recirculations;
  private final Translator translator;

  MegaflowReview(Datapath datapath, Topology topology, RecirculationTable recirculations) {
    this.datapath = datapath;
    this.topology = topology;
    this.recirculations = recirculations;
    this.translator = new Translator(topology, recirculations);
  }

  /**
   * Which megaflows stay.
   *
   * @param idleNs one unused for that long goes
   * @param minPacketsPerSecond one that carries fewer is not worth translating again; 0 = each is
   */
  record Terms(long idleNs, int minPacketsPerSecond) {}

  void review(Megaflow megaflow, Terms terms, long nowNs) {
    if (megaflow.isRemoved()) {
      return;
    }
    megaflow.creditStatistics();
    if (nowNs - megaflow.usedNs() >= terms.idleNs) {
      datapath.remove(megaflow);
      return;
    }
    touchRecirculations(megaflow, nowNs);
    if (megaflow.translation().statistics() instanceof LiveEffects live) {
      long current = topology.changeSequence();
      if (live.isCurrent(current)) {
        return;
      }
      if (isWorthIt(megaflow, terms, nowNs)) {
        revalidate(megaflow, live, current, nowNs);
      } else {
        datapath.remove(megaflow);
      }
    }
  }

  private static boolean isWorthIt(Megaflow megaflow, Terms terms, long nowNs) {
    int rate = terms.minPacketsPerSecond;
    return rate == 0 || !megaflow.isUsed() || nowNs - megaflow.usedNs() < SECOND_NS / rate;
  }

  private void revalidate(Megaflow megaflow, LiveEffects live, long sequence, long nowNs) {
    Outcome outcome = translator.translateUpcall(megaflow.key(), nowNs);
    if (outcome == null
        || !outcome.install()
        || isForgotten(megaflow, outcome)
        || live.teachesOtherwise(outcome.effects())) {
      // What the next packet is to teach has to be known before its answer comes: it must miss.
      datapath.remove(megaflow);
      return;
    }
    Translation translation = UpcallHandler.translation(outcome, live);
    if (!megaflow.mask().includes(translation.mask())) {
      datapath.remove(megaflow);
      return;
    }
    live.renew(outcome.effects(), sequence);
    Translation old = megaflow.translation();
    if (!old.actions().equals(translation.actions()) || old.drop() != translation.drop()) {
      datapath.replace(megaflow, translation);
    }
  }

  /** Whether the walk that the megaflow goes on with is not known any more. */
  private static boolean isForgotten(Megaflow megaflow, Outcome outcome) {
    return outcome.failed() && megaflow.key().get(Field.RECIRC_ID) != 0;
  }

  private void touchRecirculations(Megaflow megaflow, long nowNs) {
    int id = (int) megaflow.key().get(Field.RECIRC_ID);
    if (id != RecirculationTable.NONE) {
      recirculations.touch(id, nowNs);
    }
    touchRecirculations(megaflow.actions(), nowNs);
  }

  private void touchRecirculations(List<DpAction> actions, long nowNs) {
    for (DpAction action : actions) {
      switch (action) {
        case DpAction.Recirculate again -> recirculations.touch(again.recircId(), nowNs);
        case DpAction.Userspace(ToController to) -> recirculations.touch(to.recircId(), nowNs);
        case DpAction.Clone clone -> touchRecirculations(clone.actions(), nowNs);
        case DpAction.CheckLength check -> {
          touchRecirculations(check.larger(), nowNs);
          touchRecirculations(check.others(), nowNs);
        }
        default -> {}
      }
    }
  }
}
