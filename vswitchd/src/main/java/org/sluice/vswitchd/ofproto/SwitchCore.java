package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.sluice.base.log.Vlog;
import org.sluice.base.sync.Agent;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.datapath.datapath.FaultSink;
import org.sluice.datapath.datapath.MeterTable;
import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.PortStats;
import org.sluice.vswitchd.classifier.TableVersions;
import org.sluice.vswitchd.translate.BridgeView;
import org.sluice.vswitchd.translate.Continuation;
import org.sluice.vswitchd.translate.Edge;
import org.sluice.vswitchd.translate.Effect;
import org.sluice.vswitchd.translate.FrozenState;
import org.sluice.vswitchd.translate.PacketInEvent;
import org.sluice.vswitchd.translate.PortView;
import org.sluice.vswitchd.translate.RecirculationTable;
import org.sluice.vswitchd.translate.Revalidator;
import org.sluice.vswitchd.translate.Topology;
import org.sluice.vswitchd.translate.UpcallHandler;

/**
 * What the bridges of one process share: the datapath, the connection table, the recirculation ids,
 * and the lock under which tables and ports change.
 *
 * <pre>
 *   packet threads --miss--> UpcallHandler --lookups--> Ofproto (published snapshots, no lock)
 *                                 '--effects--> Edge = this --writer lock--> Ofproto
 *   revalidator (no lock but its own) --credit--> rules     --remove, replace--> packet threads
 * </pre>
 *
 * <p>The writer lock is fair: packet threads that learn rules, controllers and configuration get it
 * in the order in which they ask, so none starves another.
 *
 * <p>Whoever owns the core steps its agents: {@link #packetAgents}, {@link #controlAgent} and
 * {@link #memoryAgent}, on threads of their own or one after the other. Everything else may be
 * called by any thread.
 */
public final class SwitchCore implements Topology, Edge, AutoCloseable {
  private static final long LONGEST_WAIT_MS = 1000;
  private static final long EXPIRY_NS = 500_000_000L;

  private final ReentrantLock writer = new ReentrantLock(true);
  private final ChangeSequence changes = new ChangeSequence();
  private final TableVersions versions = new TableVersions();
  private final RecirculationTable recirculations = new RecirculationTable();
  private final Map<String, Ofproto> bridges = new ConcurrentSkipListMap<>();
  private final Conntrack conntrack;
  private final UpcallHandler upcalls;
  private volatile FlushLog flushes;
  private final Datapath datapath;
  private final Revalidator revalidator;
  private final Injector injector;
  private volatile Map<Integer, Place> places = Map.of();

  /** A core without bridges. */
  public SwitchCore(DatapathOptions options, Conntrack conntrack, FaultSink faults) {
    this.conntrack = conntrack;
    this.upcalls = new UpcallHandler(this, recirculations, this);
    this.datapath = new Datapath(options, conntrack, upcalls, faults);
    this.revalidator = new Revalidator(datapath, this, recirculations);
    this.injector = new Injector(datapath, upcalls);
  }

  /** Gives memory back, the connections' too; nobody may step its agents any more. */
  @Override
  public void close() {
    datapath.close();
    conntrack.close();
  }

  /** Held by whoever changes tables, ports or settings of any bridge. */
  public ReentrantLock writer() {
    return writer;
  }

  public Datapath datapath() {
    return datapath;
  }

  public Conntrack conntrack() {
    return conntrack;
  }

  public RecirculationTable recirculations() {
    return recirculations;
  }

  public Revalidator revalidator() {
    return revalidator;
  }

  /** Has what misses come to logged, at the debugging level. */
  public void logMisses(Vlog log) {
    upcalls.observe(new MissLog(log));
  }

  /** Has it logged which connections a controller wants forgotten, at the debugging level. */
  public void logFlushes(Vlog log) {
    flushes = new FlushLog(log, datapath.name());
  }

  /** The packet threads' agents. */
  public List<? extends Agent> packetAgents() {
    return datapath.threads();
  }

  /** What revalidates megaflows and expires rules and stations. */
  public Agent controlAgent() {
    return new ControlAgent();
  }

  /**
   * What has memory ready for connections and gives it back. Where the kernel clears a page, that
   * takes milliseconds: it has a thread that nobody waits for.
   */
  public Agent memoryAgent() {
    return new MemoryAgent();
  }

  /**
   * Has {@code wakeUp} run when {@link #controlAgent} gets something to do: after a change, and
   * when packet threads have come past it. Any thread runs it; it must not wait.
   */
  public void onControlWork(Runnable wakeUp) {
    revalidator.onWork(wakeUp);
    changes.onChange(revalidator::changed);
  }

  private final class ControlAgent implements Agent {
    private long expiredNs = Long.MIN_VALUE;

    @Override
    public String name() {
      return "revalidator";
    }

    @Override
    public int doWork(long nowNs) {
      int work = revalidator.doWork(nowNs);
      if (expiredNs == Long.MIN_VALUE || nowNs - expiredNs >= EXPIRY_NS) {
        expiredNs = nowNs;
        bridges.values().forEach(bridge -> bridge.expire(nowNs));
      }
      return work;
    }
  }

  private final class MemoryAgent implements Agent {
    @Override
    public String name() {
      return "memory";
    }

    @Override
    public int doWork(long nowNs) {
      conntrack.giveBackMemory(TimeUnit.NANOSECONDS.toMillis(nowNs));
      return conntrack.prepareMemory() ? 1 : 0;
    }
  }

  /** Does at once what the control agent does in time: rounds, timeouts, stations. */
  public void step(long nowNs) {
    revalidate(nowNs);
    bridges.values().forEach(bridge -> bridge.expire(nowNs));
  }

  /**
   * Brings the counters of all rules up to what megaflows have carried until now. Packets go on
   * meanwhile, and so do changes; the caller must not hold the writer lock.
   */
  public void refreshStatistics() {
    assert !writer.isHeldByCurrentThread();
    revalidator.creditStatistics();
  }

  /**
   * Makes all megaflows true while time stands still, for whoever steps the packet threads himself.
   */
  public void revalidate(long nowNs) {
    assert !writer.isHeldByCurrentThread();
    revalidator.runRound(nowNs);
  }

  // --- Bridges and ports.

  /** Makes a bridge without ports; the name must be free. */
  public Ofproto addBridge(String name) {
    Ofproto ofproto = new Ofproto(name, writer, changes, versions, new Backend());
    Ofproto old = bridges.putIfAbsent(name, ofproto);
    assert old == null : name;
    changes.advance();
    return ofproto;
  }

  /** Forgets a bridge, whose datapath ports have to be gone. */
  public void removeBridge(String name) {
    bridges.remove(name);
    republish();
  }

  /** Gives a bridge other ports. The caller holds the writer lock. */
  public void setPorts(Ofproto bridge, PortTable ports) {
    bridge.setPorts(ports);
    republish();
  }

  private void republish() {
    Map<Integer, Place> found = new HashMap<>();
    for (Ofproto bridge : bridges.values()) {
      for (SwitchPort port : bridge.portTable().all()) {
        if (port.datapathPort() != PortView.NOWHERE) {
          found.put(port.datapathPort(), new Place(bridge, port.number()));
        }
      }
    }
    places = Map.copyOf(found);
    changes.advance();
  }

  /** The bridges, in order of their names. */
  public List<Ofproto> ofprotos() {
    return new ArrayList<>(bridges.values());
  }

  // --- What translation asks.

  @Override
  public Ofproto bridge(String name) {
    return bridges.get(name);
  }

  @Override
  public Place locate(int datapathPort) {
    return places.get(datapathPort);
  }

  @Override
  public List<? extends BridgeView> bridges() {
    return ofprotos();
  }

  @Override
  public long changeSequence() {
    return changes.get();
  }

  @Override
  public boolean learn(Effect.LearnRule learned, long nowNs) {
    Ofproto bridge = bridges.get(learned.bridge().name());
    return bridge != null && bridge.learn(learned, nowNs);
  }

  @Override
  public void stationMoved(BridgeView bridge) {
    changes.advance();
  }

  @Override
  public void packetIn(PacketInEvent event, long nowNs) {
    Ofproto bridge = bridges.get(event.bridge().name());
    if (bridge != null) {
      bridge.packetIn(event, nowNs);
    }
  }

  // --- What bridges ask.

  private final class Backend implements SwitchBackend {
    /** How many packets have been sent and waited for. */
    private volatile long awaited;

    @Override
    public OfError packetOut(Ofproto ofproto, PacketOut message, long nowNs) {
      return injector.packetOut(ofproto, message, nowNs);
    }

    @Override
    public Sending preparePacketOut(Ofproto ofproto, PacketOut message, long nowNs, long version) {
      return injector.prepare(ofproto, message, nowNs, version);
    }

    @Override
    public OfError resume(Ofproto ofproto, PacketIn packet, long nowNs) {
      FrozenState frozen = recirculations.find(Continuation.recircId(packet.continuation()), nowNs);
      // What a packet waited with is kept for a while only.
      return frozen == null ? OfError.NXR_STALE : injector.resume(ofproto, packet, frozen, nowNs);
    }

    @Override
    public PortStats portStats(SwitchPort port, long nowNs) {
      return PortCounters.of(port, datapath.port(port.datapathPort()), nowNs);
    }

    @Override
    public List<Integer> queues(SwitchPort port) {
      var attached = datapath.port(port.datapathPort());
      return attached == null ? List.of() : attached.netdev().queues();
    }

    @Override
    public boolean setAdminUp(SwitchPort port, boolean up) {
      var attached = datapath.port(port.datapathPort());
      if (attached != null) {
        attached.netdev().setAdminUp(up);
      }
      return attached == null || attached.netdev().linkUp();
    }

    @Override
    public void refreshStatistics() {
      SwitchCore.this.refreshStatistics();
    }

    @Override
    public void awaitPackets() {
      long last = injector.sent();
      if (awaited < last) {
        datapath.fence().completeOnTimeout(null, LONGEST_WAIT_MS, TimeUnit.MILLISECONDS).join();
        awaited = last; // two that wait at once may both wait for the same, and no harm done
      }
    }

    @Override
    public MeterTable meters() {
      return datapath.meters();
    }

    @Override
    public void flushZone(int zone) {
      if (flushes != null) {
        flushes.zone(zone);
      }
      conntrack.flushZone(zone);
    }

    @Override
    public void flushConnections(CtFlush match) {
      if (flushes != null) {
        flushes.match(match);
      }
      ConnectionFlush.flush(conntrack, match);
    }
  }
}
