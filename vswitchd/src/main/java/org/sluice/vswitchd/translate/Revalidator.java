package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
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
 * the last change of anything a translation may rest on.
 *
 * <p>A new translation that looks at no more than the old one replaces it; one that looks at more
 * shows that the megaflow is too wide, and it goes. Where that would be too much work it goes
 * untried: the next packet brings a fresh one.
 *
 * <p><b>No gap.</b> A packet thread may be translating while a change is made, and install what is
 * already out of date after the round has listed the megaflows. So after a change a round waits a
 * moment for the packet threads to end the steps that they are in; where they take longer than
 * that, another round follows. A change counts as settled after a round over a list from after all
 * these steps, when the packet threads have also carried out what the round asked of them.
 *
 * <p><b>Threads.</b> The lock {@code turn} guards all state and is held for one batch at a time; it
 * is fair, so that neither rounds nor those who want statistics wait for long. Effects may take the
 * switch's writer lock meanwhile: whoever holds that must not come here. {@link #doWork} is called
 * by one thread, everything else by any.
 */
public final class Revalidator implements Agent {
  private static final long MILLISECOND_NS = 1_000_000L;
  private static final long SECOND_NS = 1000 * MILLISECOND_NS;
  private static final int BATCH = 256;
  private static final long MIN_INTERVAL_NS = 5 * MILLISECOND_NS;
  private static final long GRACE_NS = MILLISECOND_NS;
  private static final long CROWDED_IDLE_NS = 100 * MILLISECOND_NS;
  private static final long NEVER = -1;

  private final Datapath datapath;
  private final Topology topology;
  private final RecirculationTable recirculations;
  private final Translator translator;
  private final FlowLimit limit = new FlowLimit();
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile RevalidationPolicy policy = RevalidationPolicy.DEFAULT;

  private List<Megaflow> round = List.of();
  private int next;
  private boolean inRound;
  private boolean isTimed;
  private long roundStartNs;
  private boolean started;
  private final AtomicLong rounds = new AtomicLong();

  // Sequences of changes: what the round saw; what it listed megaflows after all steps of; and the
  // last that packet threads were asked about, are through with, and have seen the end of.
  private long roundSequence;
  private long roundPassed = NEVER;
  private long askedSequence = NEVER;
  private long askedNs;
  private final AtomicLong passedSequence = new AtomicLong(NEVER);
  private final AtomicLong settledSequence = new AtomicLong(NEVER);

  private final Queue<CompletableFuture<Void>> requests = new ConcurrentLinkedQueue<>();
  private List<CompletableFuture<Void>> answering = List.of();

  /** Watches the megaflows of {@code datapath}. */
  public Revalidator(Datapath datapath, Topology topology, RecirculationTable recirculations) {
    this.datapath = datapath;
    this.topology = topology;
    this.recirculations = recirculations;
    this.translator = new Translator(topology, recirculations);
    datapath.setMegaflowLimit(flowLimit());
  }

  @Override
  public String name() {
    return "revalidator";
  }

  /** Changes the policy from now on. */
  public void configure(RevalidationPolicy newPolicy) {
    policy = newPolicy;
    datapath.setMegaflowLimit(flowLimit());
  }

  /** How many megaflows there may be at the moment. */
  public int flowLimit() {
    return limit.get(policy.flowLimit());
  }

  /** Has the limit adapt from {@code flows} on. */
  public void setFlowLimit(int flows) {
    limit.set(flows);
    datapath.setMegaflowLimit(flowLimit());
  }

  /** How many megaflows there were and how long rounds took. */
  public FlowLimit.History history() {
    return limit.history();
  }

  /** Rounds completed. */
  public long rounds() {
    return rounds.get();
  }

  /** No megaflow rests on what was before this change. */
  public long settledSequence() {
    return settledSequence.get();
  }

  /**
   * Asks for a round. Completes when one that began after this is through, and packet threads have
   * carried out what came of it.
   */
  public CompletableFuture<Void> nextRound() {
    CompletableFuture<Void> request = new CompletableFuture<>();
    requests.add(request);
    return request;
  }

  /**
   * Passes on what all megaflows have carried until now. Translates nothing, and keeps nobody
   * waiting for longer than a batch.
   */
  public void creditStatistics() {
    List<Megaflow> all = datapath.megaflows();
    for (int from = 0; from == 0 || from < all.size(); from += BATCH) {
      turn.lock();
      try {
        creditDeparted();
        all.subList(from, Math.min(all.size(), from + BATCH)).forEach(Megaflow::creditStatistics);
      } finally {
        turn.unlock();
      }
    }
  }

  /** Megaflows that have gone since the last look, some of which no round has ever seen. */
  private void creditDeparted() {
    datapath.takeDeparted().forEach(Megaflow::creditStatistics);
  }

  @Override
  public int doWork(long nowNs) {
    turn.lock();
    try {
      return step(nowNs);
    } finally {
      turn.unlock();
    }
  }

  /**
   * Does a whole round while time stands still, for whoever steps the packet threads too, which are
   * therefore in no step. A round that is under way has passed some megaflows before the last
   * change, so it is ended first.
   */
  public void runRound(long nowNs) {
    turn.lock();
    try {
      endRound(nowNs);
      begin(nowNs);
      roundPassed = roundSequence;
      endRound(nowNs);
    } finally {
      turn.unlock();
    }
  }

  private void endRound(long nowNs) {
    isTimed = false;
    while (inRound) {
      step(nowNs);
    }
  }

  /** A round ends in a step of its own, so that the time of all its batches counts. */
  private int step(long nowNs) {
    if (inRound && next == round.size()) {
      finish(nowNs);
      return 1;
    }
    if (!inRound) {
      if (!isDue(nowNs) || !arePacketsThrough(nowNs)) {
        return 0;
      }
      begin(nowNs);
      isTimed = true;
    }
    int end = Math.min(round.size(), next + BATCH);
    int work = end - next + 1;
    while (next < end) {
      attend(round.get(next++), nowNs);
    }
    return work;
  }

  private boolean isDue(long nowNs) {
    long sinceNs = nowNs - roundStartNs;
    boolean changed = topology.changeSequence() != roundSequence || roundPassed != roundSequence;
    return !started
        || !requests.isEmpty()
        || (changed && sinceNs >= MIN_INTERVAL_NS)
        || sinceNs
            >= Math.max(MIN_INTERVAL_NS, Math.min(policy.maxIntervalNs(), policy.maxIdleNs()));
  }

  /** Whether all steps from before the last change have ended, or that was waited for enough. */
  private boolean arePacketsThrough(long nowNs) {
    long sequence = topology.changeSequence();
    if (passedSequence.get() >= sequence) {
      return true;
    }
    if (passedSequence.get() >= askedSequence) {
      askedSequence = sequence;
      askedNs = nowNs;
      var _ = datapath.fence().thenRun(() -> passedSequence.accumulateAndGet(sequence, Math::max));
    }
    return passedSequence.get() >= askedSequence || nowNs - askedNs >= GRACE_NS;
  }

  private void begin(long nowNs) {
    answering = take(requests);
    roundPassed = passedSequence.get();
    roundSequence = topology.changeSequence();
    round = datapath.megaflows();
    creditDeparted();
    next = 0;
    inRound = true;
    started = true;
    roundStartNs = nowNs;
  }

  private static <T> List<T> take(Queue<T> queue) {
    List<T> taken = new ArrayList<>();
    for (T each = queue.poll(); each != null; each = queue.poll()) {
      taken.add(each);
    }
    return taken;
  }

  private void finish(long nowNs) {
    inRound = false;
    limit.adapt(round.size(), isTimed ? nowNs - roundStartNs : 0, isTimed, policy.flowLimit());
    datapath.setMegaflowLimit(flowLimit());
    recirculations.expire(nowNs);
    rounds.incrementAndGet();
    settle();
  }

  /** What the round asked of the packet threads is still on its way to them. */
  private void settle() {
    long sequence = roundPassed;
    List<CompletableFuture<Void>> answers = answering;
    answering = List.of();
    if (settledSequence.get() < sequence || !answers.isEmpty()) {
      var _ =
          datapath
              .fence()
              .thenRun(() -> {
                settledSequence.accumulateAndGet(sequence, Math::max);
                answers.forEach(Revalidator::answer);
              });
    }
  }

  /** Whoever waits goes on with it on a thread of his own. */
  private static void answer(CompletableFuture<Void> request) {
    var _ = request.completeAsync(() -> null);
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
    boolean slow = limit.history().lastRoundNs() >= policy.maxIntervalNs() / 2;
    int rate = policy.minPacketsPerSecond();
    return !slow || !megaflow.isUsed() || rate == 0 || nowNs - megaflow.usedNs() < SECOND_NS / rate;
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
