package org.sluice.datapath.datapath;

import java.util.Arrays;
import java.util.List;
import org.sluice.base.sync.Agent;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.PacketBatch;

/**
 * The packet loop: takes a batch from each of its ports in turn and sees it through.
 *
 * <p>An agent: its tables, caches and buffers belong to whoever steps it. Other threads send it
 * {@linkplain Command commands}, which it carries out at the start and at the end of a step, and
 * read its counters and its registry of megaflows. A port gets one batch per round, or none where
 * its misses have kept the others waiting ({@link PolledPort}).
 */
public final class PacketThread implements Agent {
  private static final long MAINTENANCE_NS = 1_000_000_000;
  private static final long SWEEP_STEP_NS = 1_000_000;
  private static final long SWEEP_PAUSE_NS = 100_000_000;
  private static final int SWEEP_WORK = 2_000;

  private final int index;
  private final DatapathParts parts;
  private final CommandQueue commands = new CommandQueue();
  private final PacketOutGate gate = new PacketOutGate();
  private final ThreadCounters counters = new ThreadCounters();
  private final PacketBatch batch = new PacketBatch();
  private final OutputTable outputs;

  /** Null where there are no hooks. */
  private final HookedPath hooks;

  private final PacketPath path;
  private final PolledPort nobody = new PolledPort(null, 0, 0);
  private PolledPort[] ports = new PolledPort[0];
  private int portsVersion;
  private int missesPerSecond;
  private long maintainedNs = Long.MIN_VALUE;
  private long nextSweepNs = Long.MIN_VALUE;

  PacketThread(int index, DatapathParts parts, boolean sharesDevices) {
    this.index = index;
    this.parts = parts;
    this.missesPerSecond = parts.options().missesPerSecond();
    this.hooks = HookedPath.of(parts.hooks(), counters);
    this.outputs = new OutputTable(counters, sharesDevices, hooks);
    this.path = new PacketPath(this, parts, outputs);
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
    work += pollPorts();
    work += runCommands(nowNs);
    maintain(nowNs);
    if (work > 0) {
      path.publish();
    }
    return work;
  }

  private int pollPorts() {
    PolledPort[] all = ports;
    int work = 0;
    boolean anyWaits = false;
    for (int i = 0; i < all.length; i++) {
      if (all[i].isIndebted()) {
        anyWaits = true;
      } else {
        work += poll(all[i]);
      }
    }
    return anyWaits ? attendIndebted(work) : work;
  }

  /** The ports that had to wait have waited for one more round, or need not any more. */
  private int attendIndebted(int work) {
    if (work == 0) {
      return pollIndebted();
    }
    for (PolledPort each : ports) {
      if (each.isIndebted()) {
        each.pay(work);
      }
    }
    return work;
  }

  /** Nobody else has anything to do, so those that owe least go first. */
  private int pollIndebted() {
    PolledPort[] all = ports;
    int work = 0;
    for (int least = leastDebt(); work == 0 && least > 0; least = leastDebt()) {
      for (int i = 0; i < all.length; i++) {
        if (all[i].isIndebted()) {
          all[i].forgive(least);
          work += all[i].isIndebted() ? 0 : poll(all[i]);
        }
      }
    }
    return work;
  }

  /** 0 where no port owes anything. */
  private int leastDebt() {
    int least = 0;
    for (PolledPort each : ports) {
      if (each.isIndebted() && (least == 0 || each.debt() < least)) {
        least = each.debt();
      }
    }
    return least;
  }

  private int poll(PolledPort from) {
    batch.clear();
    int count = from.receive(batch);
    if (count == 0) {
      return 0;
    }
    if (process(from)) {
      while (!resume()) {
        assert batch.count() > 0;
      }
    }
    outputs.flush();
    return count;
  }

  /** Whether the program failed on a packet of the batch. */
  private boolean process(PolledPort from) {
    try {
      path.process(batch, from);
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
    parts.faults().fault(name(), cause);
  }

  private void maintain(long nowNs) {
    if (nowNs - maintainedNs >= MAINTENANCE_NS || maintainedNs == Long.MIN_VALUE) {
      maintainedNs = nowNs;
      counters.drop(DropReason.PACKET_OUT_LIMITED, gate.takeRefused());
      path.maintain();
    }
    if (index == 0 && (nowNs >= nextSweepNs || nextSweepNs == Long.MIN_VALUE)) {
      boolean isDone = parts.conntrack().sweep(nowNs / 1_000_000, SWEEP_WORK) < SWEEP_WORK;
      long pauseNs = Math.min(SWEEP_PAUSE_NS, parts.conntrack().sweepIntervalMs() * 1_000_000);
      nextSweepNs = nowNs + (isDone ? pauseNs : SWEEP_STEP_NS);
    }
  }

  // --- Commands. Any thread may send, this one runs them.

  void send(Command command) {
    commands.send(command);
  }

  /** Has a frame sent, unless too many wait already. Any thread. */
  void send(PacketOut out) {
    if (gate.enter()) {
      send((self, nowNs) -> {
        gate.leave();
        self.execute(out);
      });
    }
  }

  /** Has {@code wakeUp} run whenever a command is sent, so that a sleeping thread sees it. */
  void onCommand(Runnable newWakeUp) {
    commands.onCommand(newWakeUp);
  }

  private int runCommands(long nowNs) {
    int done = commands.run(this, nowNs);
    if (done > 0) {
      outputs.flush();
    }
    return done;
  }

  void run(Command command, long nowNs) {
    try {
      command.run(this, nowNs);
    } catch (RuntimeException | AssertionError e) {
      report(e);
    }
  }

  /**
   * Nobody steps this thread any more: what it is asked from now on, {@code next} does. What was
   * installed after its last flush goes with it.
   */
  void endIn(PacketThread next) {
    for (Megaflow last : megaflows()) {
      path.close(last, Integer.MAX_VALUE);
      path.remove(last);
    }
    close();
    commands.endIn(next);
  }

  /** Gives memory back; it must not be stepped any more. */
  void close() {
    path.close();
    batch.close();
  }

  /** Whether other threads transmit on the same devices. */
  void shareDevices(boolean shared) {
    outputs.share(shared);
  }

  /** Sends to a port from now on, and receives from it if it is this thread's. */
  void attach(Port port, long nowNs) {
    outputs.add(port);
    if (port.thread() == this) {
      receiveFrom(port, nowNs);
    }
  }

  /** Receives from a port that it sends to already. */
  void receiveFrom(Port port, long nowNs) {
    if (outputs.has(port) && find(port) < 0) {
      ports = Arrays.copyOf(ports, ports.length + 1);
      ports[ports.length - 1] = new PolledPort(port, missesPerSecond, nowNs);
      portsVersion++;
    }
  }

  /** Receives from a port no longer. */
  void release(Port port) {
    int at = find(port);
    if (at >= 0) {
      int last = ports.length - 1;
      ports[at] = ports[last];
      ports = Arrays.copyOf(ports, last);
      portsVersion++;
    }
  }

  void detach(Port port) {
    outputs.remove(port);
    release(port);
  }

  private int find(Port port) {
    for (int i = 0; i < ports.length; i++) {
      if (ports[i].port == port) {
        return i;
      }
    }
    return -1;
  }

  void setMissesPerSecond(int misses, long nowNs) {
    missesPerSecond = misses;
    for (PolledPort each : ports) {
      each.setMissesPerSecond(misses, nowNs);
    }
  }

  void remove(Megaflow megaflow) {
    if (isClosed(megaflow, (self, nowNs) -> self.remove(megaflow))) {
      path.remove(megaflow);
    }
  }

  void adopt(Megaflow megaflow) {
    if (isClosed(megaflow, (self, nowNs) -> self.adopt(megaflow))) {
      path.adopt(megaflow);
    }
  }

  /** Ends trajectories of a megaflow as far as the budget goes; {@code rest} is what to do then. */
  private boolean isClosed(Megaflow megaflow, Command rest) {
    commands.spend(path.close(megaflow, commands.budget()));
    if (!megaflow.trajectories.isEmpty()) {
      commands.continueWith(rest);
      return false;
    }
    return true;
  }

  void install(FlowKey key, Translation translation) {
    if (path.find(key) == null) {
      path.install(key, translation);
    }
  }

  void flush() {
    flush(path.megaflows().copyOut(), 0);
  }

  private void flush(List<Megaflow> all, int from) {
    for (int i = from; i < all.size(); i++) {
      int at = i;
      Command rest = (self, nowNs) -> self.flush(all, at);
      if (commands.budget() <= 0) {
        commands.continueWith(rest);
        return;
      }
      if (!isClosed(all.get(i), rest)) {
        return;
      }
      path.remove(all.get(i));
      commands.spend(1);
    }
  }

  private void execute(PacketOut out) {
    batch.clear();
    path.execute(out.copyTo(batch.append()), out.program(), nobody);
  }

  // --- For readers.

  /** Null where there are no hooks. */
  HookedPath hooks() {
    return hooks;
  }

  /** This thread's counters. */
  public DatapathStatistics statistics() {
    return Datapath.sum(List.of(counters));
  }

  /** Its megaflows, in no particular order. Any thread may ask. */
  public List<Megaflow> megaflows() {
    return path.megaflows().copyOut();
  }

  /** Its ports. Only for whoever steps it. */
  PolledPort[] ports() {
    return ports;
  }

  /** Changes whenever {@link #ports} do. */
  int portsVersion() {
    return portsVersion;
  }

  ThreadCounters counters() {
    return counters;
  }
}
