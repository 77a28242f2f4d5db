package org.sluice.vswitchd.bridge;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.sync.ThreadEnd;
import org.sluice.ovsdb.client.CommitResult;
import org.sluice.ovsdb.client.Edit;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.transaction.Row;

/**
 * Follows the database: each new snapshot is read, made to run, and answered with what became of
 * it, {@code cur_cfg} and the ports' numbers in one transaction. In between, every second, devices
 * are looked at.
 *
 * <p>A thread of its own runs {@link #run}; {@link #close} may be called by any.
 */
public final class BridgeLoop implements Runnable, AutoCloseable {
  /** Who has added a port goes on to set its device up: carrier comes and addresses change. */
  private static final long FRESH_NS = 2_000_000_000L;

  private static final long FRESH_REFRESH_MS = 50;
  private static final long REFRESH_MS = 1000;
  private static final long STATISTICS_NS = 5_000_000_000L;

  private final OvsdbClient database;
  private final Function<Row, Reconciler> start;
  private final Runnable ready;
  private final Clock clock;
  private final Vlog log;
  private Reconciler reconciler;
  private long appliedNs;
  private DesiredConfiguration applied;
  private long statisticsNs;
  private boolean toldLocked;
  private boolean toldReady;
  private final Queue<CompletableFuture<Void>> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean closing;
  private Thread thread;

  /**
   * A loop that does nothing until it is run.
   *
   * @param start makes the switch when the database first says how, with the root row, or null
   *     where there is none
   * @param ready told once, when the first configuration runs and the database knows
   */
  public BridgeLoop(
      OvsdbClient database,
      Function<Row, Reconciler> start,
      Runnable ready,
      Clock clock,
      Vlog log) {
    this.database = database;
    this.start = start;
    this.ready = ready;
    this.clock = clock;
    this.log = log;
  }

  /** Starts the thread. */
  public void start() {
    thread = Thread.ofPlatform().name("bridge").daemon().start(this);
  }

  @Override
  public void run() {
    Snapshot seen = Snapshot.NONE;
    while (!closing) {
      try {
        boolean isFresh = clock.nowNs() - appliedNs < FRESH_NS;
        seen = database.awaitChange(seen, isFresh ? FRESH_REFRESH_MS : REFRESH_MS);
        int told = waiting.size();
        follow(seen);
        for (; told > 0; told--) {
          waiting.remove().complete(null);
        }
      } catch (InterruptedException e) {
        closing = true;
      } catch (RuntimeException | AssertionError e) {
        log.err("reconfiguration failed: %s", e.toString());
        pause();
      }
    }
    if (reconciler != null) {
      reconciler.close();
    }
  }

  private void pause() {
    try {
      Thread.sleep(REFRESH_MS);
    } catch (InterruptedException e) {
      closing = true;
    }
  }

  /** Has devices looked at soon; completes when they have been. Any thread. */
  public CompletableFuture<Void> refresh() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    waiting.add(done);
    database.wakeUp();
    return done;
  }

  private void follow(Snapshot snapshot) {
    if (!snapshot.isComplete()) {
      return;
    }
    if (!snapshot.holdsLock()) {
      tellLocked(snapshot);
      return;
    }
    toldLocked = false;
    Row root = snapshot.onlyRow("Open_vSwitch");
    if (reconciler == null) {
      reconciler = start.apply(root);
    }
    DesiredConfiguration wanted =
        root == null ? DesiredConfiguration.EMPTY : DesiredConfiguration.read(snapshot, root);
    if (wanted.equals(applied)) {
      reconciler.refresh(clock.nowNs());
    } else {
      complain(wanted);
      reconciler.apply(wanted, each -> ofPort(snapshot, each), clock.nowNs());
      applied = wanted;
      appliedNs = clock.nowNs();
    }
    if (root == null || report(snapshot, root, wanted)) {
      tellReady();
    }
  }

  /** The OpenFlow number that the database has for an interface; 0 for none. */
  private static int ofPort(Snapshot snapshot, DesiredInterface each) {
    Row row = each.row() == null ? null : snapshot.row("Interface", each.row());
    return row == null ? 0 : Math.clamp(row.get("ofport").integer(0), 0, 0xffff);
  }

  /** Tells what is wrong once, and not again with every change of something else. */
  private void complain(DesiredConfiguration wanted) {
    for (String complaint : wanted.complaints()) {
      if (applied == null || !applied.complaints().contains(complaint)) {
        log.warn("%s", complaint);
      }
    }
  }

  private void tellLocked(Snapshot snapshot) {
    if (snapshot.isConnected() && !toldLocked) {
      toldLocked = true;
      log.err(
          "another ovs-vswitchd process is running, disabling this process (pid %d) until it goes"
              + " away",
          ProcessHandle.current().pid());
    }
    if (snapshot.isConnected() && reconciler != null && applied != null) {
      reconciler.apply(DesiredConfiguration.EMPTY, _ -> 0, clock.nowNs());
      applied = null;
    }
  }

  private boolean report(Snapshot snapshot, Row root, DesiredConfiguration wanted) {
    Edit edit = database.edit();
    StatusWriter writer = new StatusWriter(edit, snapshot);
    boolean statistics = clock.nowNs() - statisticsNs >= STATISTICS_NS;
    if (statistics) {
      statisticsNs = clock.nowNs();
    }
    writer.writeBridges(reconciler.bridges(), statistics);
    reconciler
        .bridges()
        .forEach(each ->
            writer.writeControllers(each.desired(), reconciler.controllers(each), statistics));
    writer.writeDatapaths(root);
    writer.writeRoot(root, wanted.nextCfg());
    CommitResult result = database.commit(edit);
    if (result instanceof CommitResult.Failed(var error)) {
      log.warn("could not write status to the database: %s", error.toString());
    }
    return result.isOk();
  }

  private void tellReady() {
    if (!toldReady) {
      toldReady = true;
      ready.run();
    }
  }

  /** Ends the loop and takes the switch down. */
  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    ThreadEnd.await(thread);
  }
}
