package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.hook.HookChain;
import org.sluice.datapath.hook.HookQueue;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * Ports, packet threads and what they have in common: the face that the switch above sees.
 *
 * <p>Every method may be called by any thread and none waits. What concerns packets (a port
 * appearing, a megaflow leaving, a frame to send) is a command to the packet threads, which carry
 * it out at the start of their next step; {@link #fence} tells when that has happened. Who owns the
 * datapath steps its {@link #threads}: each on a thread of its own, all on one, or a test by hand.
 */
public final class Datapath implements AutoCloseable {
  /** The highest port number. */
  public static final int MAX_PORT = 0xfeff;

  private final DatapathOptions options;
  private final MegaflowLedger ledger;
  private final Crew crew;
  private final HookChain hooks;
  private final ConcurrentNavigableMap<Integer, Port> ports = new ConcurrentSkipListMap<>();
  private final MeterTable meters = new MeterTable();
  private final ReentrantLock portChange = new ReentrantLock();
  private CompletableFuture<?> lastResize = CompletableFuture.completedFuture(null);

  /** A datapath without ports, with the hooks that are on the module path. */
  public Datapath(DatapathOptions options, Conntrack conntrack, Upcall upcall, FaultSink faults) {
    this(options, conntrack, upcall, faults, HookChain.load());
  }

  /** A datapath without ports. */
  Datapath(
      DatapathOptions options,
      Conntrack conntrack,
      Upcall upcall,
      FaultSink faults,
      HookChain hooks) {
    this.options = options;
    this.ledger = new MegaflowLedger(options.megaflowLimit());
    this.crew =
        new Crew(new DatapathParts(options, conntrack, upcall, faults, ledger, hooks, meters));
    this.hooks = hooks;
  }

  /** Its name, such as {@code netdev@ovs-netdev}. */
  public String name() {
    return options.name();
  }

  /** The meters that {@link DpAction.Meter} means. */
  public MeterTable meters() {
    return meters;
  }

  /** Frames that hooks have queued for a program. */
  public HookQueue queuedByHooks() {
    return hooks.queue();
  }

  /** Gives the packet threads' memory back; nobody may step them any more. */
  @Override
  public void close() {
    threads().forEach(PacketThread::close);
  }

  /** The agents that somebody has to step. */
  public List<PacketThread> threads() {
    return crew.threads();
  }

  /**
   * Goes over to {@code count} packet threads while packets go on; ports move to where there is
   * room. {@code started} is told of each new thread, which it has to step from then on; where it
   * throws, the change ends there.
   *
   * @return completes with the threads that have nothing to do any more. Whoever steps them stops
   *     doing so, and then calls {@link #retire}, before the number changes again.
   */
  public CompletableFuture<List<PacketThread>> resize(int count, Consumer<PacketThread> started) {
    portChange.lock();
    try {
      CompletableFuture<List<PacketThread>> resized =
          lastResize
              .handle((_, _) -> null)
              .thenCompose(_ -> crew.prepare(count))
              .thenComposeAsync(_ -> resizeNow(count, started));
      lastResize = resized;
      return resized;
    } finally {
      portChange.unlock();
    }
  }

  private CompletableFuture<List<PacketThread>> resizeNow(
      int count, Consumer<PacketThread> started) {
    portChange.lock();
    try {
      return crew.resize(count, ports.values(), started);
    } finally {
      portChange.unlock();
    }
  }

  /** Forgets threads that {@link #resize} has freed and nobody steps any more. */
  public void retire(Collection<PacketThread> gone) {
    portChange.lock();
    try {
      crew.retire(gone);
    } finally {
      portChange.unlock();
    }
  }

  // --- Ports.

  /** Attaches a device under the lowest free number from 1. */
  public Port addPort(Netdev netdev) {
    portChange.lock();
    try {
      int number = 1;
      while (ports.containsKey(number)) {
        number++;
      }
      return addPort(number, netdev);
    } finally {
      portChange.unlock();
    }
  }

  /**
   * Attaches a device under {@code number}; throws IllegalArgumentException where that, or its
   * name, is taken.
   */
  public Port addPort(int number, Netdev netdev) {
    portChange.lock();
    try {
      checkFree(number, netdev.name());
      Port port = new Port(number, netdev, crew.leastLoaded(ports.values()));
      ports.put(number, port);
      crew.send((self, nowNs) -> self.attach(port, nowNs));
      return port;
    } finally {
      portChange.unlock();
    }
  }

  private void checkFree(int number, String name) {
    if (number < 0 || number > MAX_PORT) {
      throw new IllegalArgumentException("port number " + number + " is not in 0.." + MAX_PORT);
    }
    if (ports.containsKey(number)) {
      throw new IllegalArgumentException("port number " + number + " is in use");
    }
    if (port(name) != null) {
      throw new IllegalArgumentException("device " + name + " is already a port");
    }
  }

  /**
   * Detaches a port. Completes, with null where there was none, when no packet thread will touch
   * the device any more, so that it may be closed.
   */
  public CompletableFuture<Port> removePort(int number) {
    portChange.lock();
    try {
      Port port = ports.remove(number);
      if (port == null) {
        return CompletableFuture.completedFuture(null);
      }
      crew.send((self, nowNs) -> self.detach(port));
      return fence().thenApply(done -> port);
    } finally {
      portChange.unlock();
    }
  }

  /** The port with that number; null where there is none. */
  public Port port(int number) {
    return ports.get(number);
  }

  /** The port whose device has that name; null where there is none. */
  public Port port(String name) {
    for (Port port : ports.values()) {
      if (port.name().equals(name)) {
        return port;
      }
    }
    return null;
  }

  /** All ports in order of their numbers, as they are now. */
  public Collection<Port> ports() {
    return List.copyOf(ports.values());
  }

  // --- Megaflows.

  /** All installed megaflows, thread by thread. Blocks no packets; may miss what comes or goes. */
  public List<Megaflow> megaflows() {
    List<Megaflow> result = new ArrayList<>();
    threads().forEach(thread -> result.addAll(thread.megaflows()));
    return result;
  }

  /**
   * Takes a megaflow out; its counters are final when {@link Megaflow#isRemoved} is true. Asked
   * again while its packet thread has not come to it, that thread is not told again.
   */
  public void remove(Megaflow megaflow) {
    if (megaflow.startLeaving()) {
      megaflow.thread().send((self, nowNs) -> self.remove(megaflow));
    }
  }

  /**
   * Has a megaflow carry out another translation, one that looks at nothing else. For one thread at
   * a time.
   */
  public void replace(Megaflow megaflow, Translation translation) {
    megaflow.announce(translation);
    megaflow.thread().send((self, nowNs) -> self.adopt(megaflow));
  }

  /** Installs a megaflow on every thread, as {@code dpctl/add-flow} asks. */
  public void install(Match match, Translation translation) {
    ActionProgram.compile(translation);
    crew.send((self, nowNs) -> self.install(match.key(), translation));
  }

  /** Takes all megaflows out. */
  public void flush() {
    crew.send((self, nowNs) -> self.flush());
  }

  /** Changes how many megaflows all threads together may keep. */
  public void setMegaflowLimit(int limit) {
    ledger.setLimit(limit);
  }

  /**
   * The megaflows that have gone since this was asked last, as far as they have carried what was
   * not credited yet. Whoever asks has to credit them.
   */
  public List<Megaflow> takeDeparted() {
    return ledger.takeDeparted();
  }

  /** Changes how many misses one port may cause per second; 0 = as many as it likes. */
  public void setMissesPerSecond(int misses) {
    portChange.lock();
    try {
      crew.setMissesPerSecond(misses);
    } finally {
      portChange.unlock();
    }
  }

  // --- Packets.

  /**
   * Runs {@code actions} on a copy of {@code packet}, with its metadata, on the thread of its input
   * port: a packet-out, or the rest of a slow path. Where the caller is that thread, at the end of
   * its step. Where too many wait for that thread, the packet is dropped and counted.
   *
   * @throws IllegalArgumentException where an action is not supported
   */
  public void execute(Packet packet, List<DpAction> actions) {
    ActionProgram program = ActionProgram.compile(actions);
    Port port = ports.get(packet.inPort);
    PacketThread thread = port == null ? threads().getFirst() : port.thread();
    thread.send(PacketOut.of(packet, program));
  }

  /** Why the datapath cannot carry out {@code actions}, in one line; null if it can. */
  public static String unsupported(List<DpAction> actions) {
    return ActionProgram.unsupported(actions);
  }

  // --- Everything else.

  /** Completes when every packet thread has carried out all commands sent before. */
  public CompletableFuture<Void> fence() {
    return Crew.fence(threads());
  }

  /** The sum of the threads' counters. */
  public DatapathStatistics statistics() {
    return sum(crew.counters());
  }

  static DatapathStatistics sum(List<ThreadCounters> all) {
    Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      long count = all.stream().mapToLong(counters -> counters.dropped(reason)).sum();
      if (count != 0) {
        drops.put(reason, count);
      }
    }
    return new DatapathStatistics(
        total(all, ThreadCounters.RECEIVED),
        total(all, ThreadCounters.MICROFLOW_HITS),
        total(all, ThreadCounters.MEGAFLOW_HITS),
        total(all, ThreadCounters.MISSES),
        total(all, ThreadCounters.LOST),
        total(all, ThreadCounters.PROBES),
        total(all, ThreadCounters.MASKS),
        total(all, ThreadCounters.MEGAFLOWS),
        total(all, ThreadCounters.MICROFLOWS),
        total(all, ThreadCounters.FAULTS),
        drops);
  }

  private static long total(List<ThreadCounters> all, int counter) {
    return all.stream().mapToLong(counters -> counters.get(counter)).sum();
  }
}
