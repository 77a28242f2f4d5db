package org.sluice.datapath.datapath;

import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sluice.base.sync.Agent;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.packet.PacketBatch;

/**
 * The packet loop: takes a batch from each of its ports in turn and sees it through.
 *
 * <p>An agent: its tables, caches and buffers belong to whoever steps it. Other threads send it
 * {@linkplain Command commands}, which it carries out at the start and at the end of a step, and
 * read its counters and its registry of megaflows. A port gets one batch per round, so that no
 * port's misses keep another waiting for longer than 32 translations.
 */
public final class PacketThread implements Agent {
  private static final int COMMANDS_PER_STEP = 1024;
  private static final long MAINTENANCE_NS = 1_000_000_000;
  private static final long SWEEP_NS = 10_000_000;
  private static final int SWEEP_WORK = 2_000;

  private final int index;
  private final DatapathOptions options;
  private final Conntrack conntrack;
  private final FaultSink faults;
  private final Queue<Command> commands = new ConcurrentLinkedQueue<>();
  private final ThreadCounters counters = new ThreadCounters();
  private final PacketBatch batch = new PacketBatch();
  private final OutputTable outputs;
  private final PacketPath path;
  private Port[] ports = new Port[0];
  private MissLimiter[] limiters = new MissLimiter[0];
  private MissLimiter ownLimiter;
  private long maintainedNs = Long.MIN_VALUE;
  private long sweptNs = Long.MIN_VALUE;
  private volatile Runnable wakeUp = () -> {};

  PacketThread(
      int index, DatapathOptions options, Conntrack conntrack, Upcall upcall, FaultSink faults) {
    this.index = index;
    this.options = options;
    this.conntrack = conntrack;
    this.faults = faults;
    this.outputs = new OutputTable(counters, options.threads() > 1);
    this.path = new PacketPath(this, options, upcall, conntrack.newTracker(), outputs);
  }

  /** What a packet thread is asked to do by others. */
  @FunctionalInterface
  interface Command {
    void run(PacketThread self, long nowNs);
  }

  @Override
  public String name() {
    return "pmd" + index;
  }

  /** Its number among the datapath's threads, from 0. */
  public int index() {
    return index;
  }

  @Override
  public int doWork(long nowNs) {
    path.setNow(nowNs);
    int work = runCommands(nowNs);
    for (int i = 0; i < ports.length; i++) {
      work += poll(ports[i], limiters[i]);
    }
    work += runCommands(nowNs);
    maintain(nowNs);
    if (work > 0) {
      path.publish();
    }
    return work;
  }

  private int poll(Port port, MissLimiter limiter) {
    batch.clear();
    int count = port.netdev().receive(batch);
    if (count == 0) {
      return 0;
    }
    if (process(port, limiter)) {
      while (!resume()) {
        assert batch.count() > 0;
      }
    }
    outputs.flush();
    return count;
  }

  /** Whether the program failed on a packet of the batch. */
  private boolean process(Port port, MissLimiter limiter) {
    try {
      path.process(batch, port.number(), limiter);
      return false;
    } catch (RuntimeException | AssertionError e) {
      report(e);
      return true;
    }
  }

  private boolean resume() {
    try {
      path.resume(batch);
      return true;
    } catch (RuntimeException | AssertionError e) {
      report(e);
      return false;
    }
  }

  /** Counts and tells an error of the program itself. */
  void report(Throwable cause) {
    counters.add(ThreadCounters.FAULTS, 1);
    faults.fault(name(), cause);
  }

  private void maintain(long nowNs) {
    if (nowNs - maintainedNs >= MAINTENANCE_NS || maintainedNs == Long.MIN_VALUE) {
      maintainedNs = nowNs;
      path.maintain();
    }
    if (index == 0 && (nowNs - sweptNs >= SWEEP_NS || sweptNs == Long.MIN_VALUE)) {
      sweptNs = nowNs;
      conntrack.sweep(nowNs / 1_000_000, SWEEP_WORK);
    }
  }

  // --- Commands. Any thread may send, this one runs them.

  void send(Command command) {
    commands.add(command);
    wakeUp.run();
  }

  /** Has {@code wakeUp} run whenever a command is sent, so that a sleeping thread sees it. */
  void onCommand(Runnable newWakeUp) {
    wakeUp = newWakeUp;
  }

  private int runCommands(long nowNs) {
    int done = 0;
    while (done < COMMANDS_PER_STEP) {
      Command command = commands.poll();
      if (command == null) {
        break;
      }
      run(command, nowNs);
      done++;
    }
    if (done > 0) {
      outputs.flush();
    }
    return done;
  }

  private void run(Command command, long nowNs) {
    try {
      command.run(this, nowNs);
    } catch (RuntimeException | AssertionError e) {
      report(e);
    }
  }

  void attach(Port port) {
    outputs.add(port);
    if (port.thread() == this) {
      ports = Arrays.copyOf(ports, ports.length + 1);
      ports[ports.length - 1] = port;
      limiters = Arrays.copyOf(limiters, ports.length);
      limiters[ports.length - 1] = new MissLimiter(options.missesPerSecond(), 0);
    }
  }

  void detach(Port port) {
    outputs.remove(port);
    for (int i = 0; i < ports.length; i++) {
      if (ports[i] == port) {
        int last = ports.length - 1;
        ports[i] = ports[last];
        limiters[i] = limiters[last];
        ports = Arrays.copyOf(ports, last);
        limiters = Arrays.copyOf(limiters, last);
      }
    }
  }

  void remove(Megaflow megaflow) {
    path.remove(megaflow);
  }

  void replace(Megaflow megaflow, Translation translation) {
    path.replace(megaflow, translation);
  }

  void install(FlowKey key, Translation translation) {
    path.install(key, translation);
  }

  void flush() {
    path.megaflows().copyOut().forEach(path::remove);
  }

  void setMegaflowLimit(int limit) {
    path.setMegaflowLimit(limit);
  }

  void execute(PacketOut out) {
    if (ownLimiter == null) {
      ownLimiter = new MissLimiter(0, 0);
    }
    batch.clear();
    path.execute(out.copyTo(batch.append()), out.program(), ownLimiter);
  }

  // --- For readers.

  /** This thread's counters. */
  public DatapathStatistics statistics() {
    return Datapath.sum(List.of(this));
  }

  /** Its megaflows, in no particular order. Any thread may ask. */
  public List<Megaflow> megaflows() {
    return path.megaflows().copyOut();
  }

  /** Its ports. Only for whoever steps it. */
  Port[] ports() {
    return ports;
  }

  ThreadCounters counters() {
    return counters;
  }
}
