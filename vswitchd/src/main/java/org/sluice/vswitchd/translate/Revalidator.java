package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.sync.Agent;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.Megaflow;

/**
 * Keeps what the datapath cached true and small.
 *
 * <p>In rounds, it goes through all megaflows; {@link MegaflowReview} says what becomes of each.
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
  private static final int BATCH = 256;
  private static final long CROWDED_IDLE_NS = 100 * MILLISECOND_NS;

  /** Changes that come faster than this are seen together. */
  private static final long GATHER_NS = 2 * MILLISECOND_NS;

  private final Datapath datapath;
  private final Topology topology;
  private final RecirculationTable recirculations;
  private final MegaflowReview review;
  private final Passage passage;
  private final FlowLimit limit = new FlowLimit();
  private final ReentrantLock turn = new ReentrantLock(true);
  private volatile RevalidationPolicy policy = RevalidationPolicy.DEFAULT;

  private List<Megaflow> round = List.of();
  private int next;
  private boolean inRound;
  private volatile boolean paused;

  /** Whether the last two steps were at one time, so that there is no saying how long to wait. */
  private boolean standsStill;

  private long lastNs;
  private boolean isTimed;
  private long roundStartNs;
  private boolean started;
  private final AtomicLong rounds = new AtomicLong();

  // Sequences of changes: what the round saw; what it listed megaflows after all steps of; and the
  // last that packet threads have seen the end of.
  private long roundSequence;
  private long roundPassed = Passage.NEVER;
  private final AtomicLong settledSequence = new AtomicLong(Passage.NEVER);

  /** Whether {@link #waker} has been run for a change that no round has seen. */
  private final AtomicBoolean told = new AtomicBoolean();

  private volatile Runnable waker = () -> {};

  private final Queue<CompletableFuture<Void>> requests = new ConcurrentLinkedQueue<>();
  private List<CompletableFuture<Void>> answering = List.of();

  /** Watches the megaflows of {@code datapath}. */
  public Revalidator(Datapath datapath, Topology topology, RecirculationTable recirculations) {
    this.datapath = datapath;
    this.topology = topology;
    this.recirculations = recirculations;
    this.review = new MegaflowReview(datapath, topology, recirculations);
    this.passage = new Passage(datapath);
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

  /**
   * Has {@code newWaker} run when there is something to do: after a change, unless that was said
   * since the last round began, and when packet threads have come past it. Any thread runs it; it
   * must not wait.
   */
  public void onWork(Runnable newWaker) {
    waker = newWaker;
    passage.onPassed(newWaker);
  }

  /** Notes that something has changed that translations rest on. Any thread. */
  public void changed() {
    if (!told.get() && told.compareAndSet(false, true)) {
      waker.run();
    }
  }

  /** How many megaflows there may be at the moment. */
  public int flowLimit() {
    return limit.get(policy.flowLimit());
  }

  /** Begins no round until {@link #resume}, for those who want to see what comes of that. */
  public void pause() {
    paused = true;
  }

  /** Goes on. */
  public void resume() {
    paused = false;
    waker.run();
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
      standsStill = nowNs == lastNs;
      lastNs = nowNs;
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
      if (paused || !isDue(nowNs) || !passage.isThrough(topology.changeSequence(), nowNs)) {
        return 0;
      }
      begin(nowNs);
      isTimed = true;
    }
    int end = Math.min(round.size(), next + BATCH);
    int work = end - next + 1;
    MegaflowReview.Terms terms = terms();
    while (next < end) {
      review.review(round.get(next++), terms, nowNs);
    }
    return work;
  }

  private boolean isDue(long nowNs) {
    long sinceNs = nowNs - roundStartNs;
    boolean changed = topology.changeSequence() != roundSequence || roundPassed != roundSequence;
    return !started
        || !requests.isEmpty()
        || (changed && (standsStill || sinceNs >= Math.max(GATHER_NS, policy.minIntervalNs())))
        || sinceNs
            >= Math.max(
                policy.minIntervalNs(), Math.min(policy.maxIntervalNs(), policy.maxIdleNs()));
  }

  private void begin(long nowNs) {
    answering = take(requests);
    roundPassed = passage.passed();
    roundSequence = topology.changeSequence();
    told.set(false); // a change from here on is not in the sequence, and is seen after the round
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

  /** Megaflows with few packets are not worth the time where rounds are slow. */
  private MegaflowReview.Terms terms() {
    boolean slow = limit.history().lastRoundNs() >= policy.maxIntervalNs() / 2;
    return new MegaflowReview.Terms(idleNs(), slow ? policy.minPacketsPerSecond() : 0);
  }

  private long idleNs() {
    int size = round.size();
    int most = flowLimit();
    if (size > 2L * most) {
      return 0;
    }
    return size > most ? CROWDED_IDLE_NS : policy.maxIdleNs();
  }
}
