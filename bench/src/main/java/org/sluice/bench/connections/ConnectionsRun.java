package org.sluice.bench.connections;

import static org.sluice.bench.connections.ConnectionsFigure.*;

import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.sluice.bench.contest.Measurement;
import org.sluice.bench.contest.Median;
import org.sluice.bench.peer.Pause;
import org.sluice.datapath.conntrack.Conntrack;

/** One run: connections begin, are held, listed, flushed, and left alone. Used by one thread. */
final class ConnectionsRun implements AutoCloseable {
  private static final String COUNT = "dpctl/ct-get-nconns";
  private static final String STATS = "dpctl/ct-stats-show";
  private static final int LOOK_MS = 50;
  private static final int PATIENCE_MS = 300_000;

  private final ChurningSwitch churning;
  private final ConnectionsOptions options;
  private final PrintStream progress;
  private final Conntrack conntrack;
  private final TickingThread control;
  private final TickingThread nothing;
  private final Questioner questioner;
  private final CollectorPauses collector = new CollectorPauses();
  private final Map<Measurement, Double> figures = new LinkedHashMap<>();

  ConnectionsRun(ChurningSwitch churning, ConnectionsOptions options, PrintStream progress) {
    this.churning = churning;
    this.options = options;
    this.progress = progress;
    this.conntrack = churning.conntrack();
    this.nothing = TickingThread.startIdle(churning.clock());
    this.control = TickingThread.start(churning.controlAgent(), churning.clock(), nothing);
    this.questioner = Questioner.start(churning.socket(), List.of(COUNT, STATS));
  }

  /** Measures everything. */
  Map<Measurement, Double> measure() throws IOException {
    fill();
    hold();
    list();
    flush();
    leaveAlone();
    if (!churning.faults().isEmpty()) {
      throw new IllegalStateException("the switch failed", churning.faults().getFirst());
    }
    return figures;
  }

  private void say(String what) {
    progress.println(what + " ...");
  }

  /** The first ones that are left alone have to expire before it is as it will stay. */
  private void fill() throws IOException {
    say("beginning " + options.connections + " connections");
    churning.start();
    await(churning::isFull, "the connections do not begin");
    say("until as many expire as begin");
    Pause.ms(1000L * (options.timeout + 2));
  }

  private static void await(BooleanSupplier condition, String otherwise) throws IOException {
    long startNs = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (Median.msSince(startNs) > PATIENCE_MS) {
        throw new IOException(otherwise);
      }
      Pause.ms(LOOK_MS);
    }
  }

  private void hold() throws IOException {
    say("holding them");
    forgetTimes();
    final Counters before = Counters.of(churning);
    long startNs = System.nanoTime();
    int least = Integer.MAX_VALUE;
    while (Median.msSince(startNs) < 1000.0 * options.seconds) {
      least = Math.min(least, conntrack.limits().count());
      Pause.ms(LOOK_MS);
    }
    double seconds = Median.msSince(startNs) / 1000;
    Counters now = Counters.of(churning);
    figures.put(HELD, (double) least);
    figures.put(CREATED, (now.created() - before.created()) / seconds);
    figures.put(EXPIRED, (now.gone() - before.gone()) / seconds);
    figures.put(PACKETS, (now.packets() - before.packets()) / seconds);
    figures.put(BYTES, (double) conntrack.usedBytes() / conntrack.limits().count());
    figures.put(FULL_BYTES, (double) conntrack.memoryBytes());
    figures.put(COLLECTOR, collector.takeLongest());
    putLateness(CONTROL, CONTROL_STEP, NOTHING);
    Map<String, Double> answers = questioner.takeLongest();
    figures.put(COUNT_ANSWER, answers.get(COUNT));
    figures.put(STATS_ANSWER, answers.get(STATS));
  }

  /** What has been counted so far. */
  private record Counters(long created, long gone, long packets) {
    static Counters of(ChurningSwitch churning) {
      long created = churning.created();
      return new Counters(
          created, created - churning.conntrack().limits().count(), churning.packets());
    }
  }

  private void forgetTimes() throws IOException {
    control.takeWorst();
    nothing.takeWorst();
    questioner.takeLongest();
    collector.takeLongest();
  }

  private void putLateness(
      ConnectionsFigure late, ConnectionsFigure step, ConnectionsFigure ofNothing) {
    Lateness.Worst worst = control.takeWorst();
    figures.put(late, worst.ms());
    figures.put(step, worst.stepMs());
    figures.put(ofNothing, nothing.takeWorst().ms());
  }

  private void list() throws IOException {
    say("listing them");
    forgetTimes();
    long startNs = System.nanoTime();
    long lines = RawCommand.run(churning.socket(), "dpctl/dump-conntrack", "");
    figures.put(LIST, Median.msSince(startNs));
    figures.put(LIST_LINES, (double) lines);
    putLateness(LIST_CONTROL, LIST_CONTROL_STEP, LIST_NOTHING);
    figures.put(LIST_COUNT_ANSWER, questioner.takeLongest().get(COUNT));
  }

  private void flush() throws IOException {
    say("flushing half of them");
    forgetTimes();
    long startNs = System.nanoTime();
    RawCommand.run(churning.socket(), "dpctl/flush-conntrack", "\"zone=1\"");
    figures.put(FLUSH, Median.msSince(startNs));
    putLateness(FLUSH_CONTROL, FLUSH_CONTROL_STEP, FLUSH_NOTHING);
    figures.put(FLUSH_COUNT_ANSWER, questioner.takeLongest().get(COUNT));
  }

  private void leaveAlone() throws IOException {
    say("leaving them alone");
    churning.stop();
    await(() -> conntrack.limits().count() == 0, "the connections do not expire");
    Pause.ms(1000L * options.idle);
    figures.put(IDLE_BYTES, (double) conntrack.memoryBytes());
  }

  @Override
  public void close() {
    questioner.close();
    control.close();
    nothing.close();
    collector.close();
  }
}
