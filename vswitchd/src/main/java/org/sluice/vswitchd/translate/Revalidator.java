package org.sluice.vswitchd.translate;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.sluice.base.sync.Agent;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DpAction;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.ToController;
import org.sluice.datapath.datapath.Megaflow;
import org.sluice.datapath.datapath.Translation;
import org.sluice.datapath.flow.Field;

/**
 * Keeps what the datapath cached true and small.
 *
 * <p>In rounds, it goes through all megaflows: passes on what they have carried to rules, tables
 * and stations; removes those unused for a while; and translates again those that were made before
 * the last change of anything a translation may rest on. That a megaflow says itself as of when it
 * was made leaves no gap: one that was being translated while the change happened is caught, in
 * whichever round it appears.
 *
 * <p>A new translation that looks at no more than the old one replaces it; one that looks at more
 * shows that the megaflow is too wide, and it goes. Where that would be too much work it goes
 * untried: the next packet brings a fresh one.
 *
 * <p>A round is spread over calls of {@link #doWork}. How many megaflows there may be follows from
 * how long a round takes. State belongs to the stepping thread; {@link #configure} may be called by
 * any.
 */
public final class Revalidator implements Agent {
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final int BATCH = 256;
  private static final long MIN_INTERVAL_NS = 5 * MILLISECOND_NS;
  private static final long CROWDED_IDLE_NS = 100 * MILLISECOND_NS;
  private static final int LOWEST_LIMIT = 1000;
  private static final int INITIAL_LIMIT = 10_000;

  private final Datapath datapath;
  private final Topology topology;
  private final RecirculationTable recirculations;
  private final Translator translator;
  private volatile RevalidationPolicy policy = RevalidationPolicy.DEFAULT;

  private List<Megaflow> round = List.of();
  private int next;
  private boolean inRound;
  private long roundStartNs;
  private long roundSequence;
  private long lastRoundNs;
  private boolean started;
  private volatile int limit = INITIAL_LIMIT;
  private final AtomicLong rounds = new AtomicLong();
  private volatile long settledSequence = -1;

  /** Watches the megaflows of {@code datapath}. */
  public Revalidator(Datapath datapath, Topology topology, RecirculationTable recirculations) {
    this.datapath = datapath;
    this.topology = topology;
    this.recirculations = recirculations;
    this.translator = new Translator(topology, recirculations);
  }

  @Override
  public String name() {
    return "revalidator";
  }

  /** Changes the policy from now on. */
  public void configure(RevalidationPolicy newPolicy) {
    policy = newPolicy;
  }

  /** How many megaflows there may be at the moment. Any thread. */
  public int flowLimit() {
    return Math.min(limit, policy.flowLimit());
  }

  /** Rounds completed. Any thread. */
  public long rounds() {
    return rounds.get();
  }

  /** No megaflow rests on what was before this change. Any thread. */
  public long settledSequence() {
    return settledSequence;
  }

  @Override
  public int doWork(long nowNs) {
    if (!inRound && !isDue(nowNs)) {
      return 0;
    }
    if (!inRound) {
      begin(nowNs);
    }
    int end = Math.min(round.size(), next + BATCH);
    int work = end - next + 1;
    for (; next < end; next++) {
      attend(round.get(next), nowNs);
    }
    if (next == round.size()) {
      finish(nowNs);
    }
    return work;
  }

  /**
   * Does a whole round now, as before statistics are shown. A round that is under way has passed
   * some megaflows before the last change, so it is ended first. By the stepping thread only.
   */
  public void runRound(long nowNs) {
    endRound(nowNs);
    begin(nowNs);
    endRound(nowNs);
  }

  private void endRound(long nowNs) {
    while (inRound) {
      doWork(nowNs);
    }
  }

  private boolean isDue(long nowNs) {
    long sinceNs = nowNs - roundStartNs;
    boolean changed = topology.changeSequence() != roundSequence;
    return !started
        || (changed && sinceNs >= MIN_INTERVAL_NS)
        || sinceNs >= Math.min(policy.maxIntervalNs(), policy.maxIdleNs());
  }

  private void begin(long nowNs) {
    List<Megaflow> previous = round;
    round = datapath.megaflows();
    creditDeparted(previous);
    next = 0;
    inRound = true;
    started = true;
    roundStartNs = nowNs;
    roundSequence = topology.changeSequence();
  }

  /** Passes on the last packets of the megaflows that have gone since the round before. */
  private void creditDeparted(List<Megaflow> previous) {
    Set<Megaflow> present = new HashSet<>(round);
    for (Megaflow megaflow : previous) {
      if (!present.contains(megaflow)) {
        megaflow.creditStatistics();
      }
    }
  }

  private void finish(long nowNs) {
    settledSequence = roundSequence;
    inRound = false;
    lastRoundNs = nowNs - roundStartNs;
    adaptLimit();
    recirculations.expire(nowNs);
    rounds.incrementAndGet();
  }

  private void adaptLimit() {
    long tookMs = Math.max(1, lastRoundNs / MILLISECOND_NS);
    int adapted = limit;
    if (tookMs > 2000) {
      adapted /= (int) (tookMs / 1000);
    } else if (tookMs > 1300) {
      adapted = adapted * 3 / 4;
    } else if (tookMs < 1000 && adapted < round.size() * 1000L / tookMs) {
      adapted += 1000;
    }
    int bounded = Math.clamp(adapted, LOWEST_LIMIT, Math.max(LOWEST_LIMIT, policy.flowLimit()));
    if (bounded != limit) {
      limit = bounded;
      datapath.setMegaflowLimit(bounded);
    }
  }

  private void attend(Megaflow megaflow, long nowNs) {
    if (megaflow.isRemoved()) {
      return;
    }
    megaflow.creditStatistics();
    if (nowNs - megaflow.usedNs() >= idleNs()) {
      datapath.remove(megaflow);
      return;
    }
    touchRecirculations(megaflow, nowNs);
    Translation translation = megaflow.translation();
    if (translation.statistics() instanceof LiveEffects live) {
      long current = topology.changeSequence();
      if (!live.isCurrent(current)) {
        if (isWorthIt(megaflow, nowNs)) {
          revalidate(megaflow, live, current, nowNs);
        } else {
          datapath.remove(megaflow);
        }
      }
    }
  }

  private long idleNs() {
    int size = round.size();
    int most = flowLimit();
    if (size > 2L * most) {
      return 0;
    }
    return size > most ? CROWDED_IDLE_NS : policy.maxIdleNs();
  }

  /** Whether the megaflow carries enough to be translated again, where rounds are slow. */
  private boolean isWorthIt(Megaflow megaflow, long nowNs) {
    boolean slow = lastRoundNs >= policy.maxIntervalNs() / 2;
    long silentNs = nowNs - megaflow.usedNs();
    return !slow
        || !megaflow.isUsed()
        || silentNs * policy.minPacketsPerSecond() < 1000 * MILLISECOND_NS;
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
        default -> {}
      }
    }
  }
}
