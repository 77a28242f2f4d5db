package org.sluice.vswitchd.bridge;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.log.Vlog;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.PacketThread;
import org.sluice.datapath.datapath.PacketThreadRunner;

/**
 * Runs a datapath's packet threads: as many, and where, as configuration says, while packets go on.
 *
 * <p>Used by the thread that reconciles, which waits while ports change hands.
 */
final class PacketThreads implements AutoCloseable {
  private static final int PATIENCE_S = 5;

  private final Datapath datapath;
  private final int usual;
  private final Clock clock;
  private final Vlog log;
  private final List<PacketThreadRunner> runners = new CopyOnWriteArrayList<>();
  private int asked;

  /** Starts the threads that there are; {@code usual} many is what nobody else asks for. */
  PacketThreads(Datapath datapath, int usual, Clock clock, Vlog log) {
    this.datapath = datapath;
    this.usual = usual;
    this.clock = clock;
    this.log = log;
    datapath.threads().forEach(this::start);
    this.asked = runners.size();
  }

  private void start(PacketThread thread) {
    try {
      runners.add(new PacketThreadRunner(thread, clock, PacketThreadRunner.ANY_CPU));
    } catch (LinuxException e) {
      throw new IllegalStateException("could not start " + thread.name(), e);
    }
  }

  /** Has one thread on each of {@code cpus}, or where there are none {@code count}, 0 = usual. */
  void follow(List<Integer> cpus, int count) {
    int threads = count == 0 ? usual : count;
    resize(cpus.isEmpty() ? threads : cpus.size());
    for (int i = 0; i < runners.size(); i++) {
      runners.get(i).pin(i < cpus.size() ? cpus.get(i) : PacketThreadRunner.ANY_CPU);
    }
  }

  /** What failed is not tried again until something else is asked for. */
  private void resize(int count) {
    if (count == asked) {
      return;
    }
    asked = count;
    try {
      List<PacketThread> leaving =
          datapath.resize(count, this::start).get(PATIENCE_S, TimeUnit.SECONDS);
      leaving.forEach(_ -> runners.removeLast().close());
      datapath.retire(leaving);
      log.info("there are %d packet threads now", runners.size());
    } catch (ExecutionException | TimeoutException e) {
      log.warn("going on with %d packet threads instead of %d: %s", runners.size(), count, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    runners.forEach(PacketThreadRunner::close);
  }
}
