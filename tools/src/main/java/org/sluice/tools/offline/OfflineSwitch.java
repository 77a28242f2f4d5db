package org.sluice.tools.offline;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.ManualClock;
import org.sluice.base.sync.Agent;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.datapath.PacketThread;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.text.FlowFile;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.vswitchd.classifier.Rule;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.ofproto.Ofproto;
import org.sluice.vswitchd.ofproto.OfprotoCommands;
import org.sluice.vswitchd.ofproto.PortTable;
import org.sluice.vswitchd.ofproto.SwitchCore;
import org.sluice.vswitchd.ofproto.SwitchPort;
import org.sluice.vswitchd.translate.Translator;

/**
 * One bridge with the whole pipeline under it, from parser to devices, stepped by its caller.
 *
 * <pre>
 *   flow file --addFlows--> [ bridge: tables | translation | caches | tracking ] &lt;--step(nowNs)-- caller
 *                              port 1 | port 2 | ...   devices that the caller made and feeds
 * </pre>
 *
 * <p>Time stands still but for {@link #step}, and hashes are seeded alike, so the same packets at
 * the same times come to the same end on every run. The bridge has the rules of its flow files
 * only: a packet that no rule matches is dropped. Used by one thread.
 *
 * <p>Cached answers are made true again before the packets of the next instant, as if revalidation
 * took no time. Only where there are more than {@value #EXACT_MEGAFLOWS} of them, and rules change
 * all the time, it comes once in 5 ms, as in a switch that runs.
 */
public final class OfflineSwitch implements AutoCloseable {
  private static final String BRIDGE = "br0";
  private static final long SEED = 0x5151_ce00_5151_ce01L;
  private static final long EXPIRY_NS = 500_000_000L;
  private static final long REVALIDATION_NS = 5_000_000L;
  private static final int EXACT_MEGAFLOWS = 1000;

  private final ManualClock clock;
  private final SwitchCore core;
  private final Ofproto bridge;
  private final List<PacketThread> packetThreads;
  private final List<Netdev> devices = new ArrayList<>();
  private final List<SwitchPort> ports = new ArrayList<>();
  private final List<Throwable> faults = new ArrayList<>();
  private long expiredNs;
  private long revalidatedNs;
  private long revalidatedSequence;

  /** A switch without ports and rules, whose clock shows {@code startNs}. */
  public OfflineSwitch(long startNs) {
    this(startNs, 1);
  }

  /** The same with so many packet threads, which somebody else steps. */
  public OfflineSwitch(long startNs, int threads) {
    this.clock = new ManualClock(startNs, startNs / 1_000_000);
    this.expiredNs = startNs;
    this.revalidatedNs = startNs;
    DatapathOptions options = DatapathOptions.named("offline").withSeed(SEED).withThreads(threads);
    this.core = new SwitchCore(options, new Conntrack(SEED), (where, cause) -> faults.add(cause));
    this.bridge = core.addBridge(BRIDGE);
    this.packetThreads = core.datapath().threads();
  }

  /** Attaches a device, which is closed with the switch, under an OpenFlow port number. */
  public void addPort(int number, Netdev device) {
    core.datapath().addPort(number, device);
    devices.add(device);
    ports.add(SwitchPort.of(number, device.name(), number, device.macAddress(), clock.nowNs()));
    List<Bundle> bundles =
        ports.stream()
            .map(port -> Bundle.trunk(port.number(), port.name(), port.number()))
            .toList();
    core.writer().lock();
    try {
      core.setPorts(bridge, new PortTable(ports, bundles));
    } finally {
      core.writer().unlock();
    }
  }

  /**
   * Adds the flows of a file as {@code ovs-ofctl add-flows} reads it.
   *
   * @throws OfSyntaxException with {@code FILE:LINE: what is wrong}; earlier lines have been added
   */
  public void addFlows(Path file) throws OfSyntaxException {
    for (FlowFile.Placed line : FlowFile.readPlaced(file, Names.NONE)) {
      String refused = Translator.refuses(line.flow().actions());
      if (refused != null) {
        throw new OfSyntaxException(line.place() + ": " + refused);
      }
      OfError error = bridge.flowMod(line.flow(), clock.nowNs());
      if (error != null) {
        throw new OfSyntaxException(line.place() + ": the switch refuses this flow: " + error);
      }
    }
  }

  /** Removes all rules and forgets all connections. */
  public void clear() {
    core.writer().lock();
    try {
      bridge.flushRules();
    } finally {
      core.writer().unlock();
    }
    core.conntrack().flush();
  }

  /**
   * Lets it become {@code nowNs}, no earlier than it was, and sees everything through that is
   * waiting in the devices.
   */
  public void step(long nowNs) {
    clock.advanceNs(nowNs - clock.nowNs());
    expire(nowNs);
    revalidate(nowNs);
    int work;
    do {
      work = 0;
      for (PacketThread thread : packetThreads) {
        work += thread.doWork(nowNs);
      }
    } while (work > 0);
  }

  /** Rules are judged by what they have carried, so that is brought up to date before. */
  private void expire(long nowNs) {
    if (nowNs - expiredNs >= EXPIRY_NS) {
      expiredNs = nowNs;
      core.refreshStatistics();
      bridge.expire(nowNs);
    }
  }

  private void revalidate(long nowNs) {
    long sequence = core.changeSequence();
    if (sequence == revalidatedSequence) {
      return;
    }
    boolean due = nowNs - revalidatedNs >= REVALIDATION_NS;
    if (due || core.datapath().statistics().megaflows() <= EXACT_MEGAFLOWS) {
      revalidatedSequence = sequence;
      revalidatedNs = nowNs;
      core.revalidate(nowNs);
    }
  }

  /** The virtual time. */
  public Clock clock() {
    return clock;
  }

  /** The connections that have not expired. */
  public List<ConnectionSnapshot> connections() {
    List<ConnectionSnapshot> all = new ArrayList<>();
    core.conntrack().visit(clock.nowNs() / 1_000_000, all::add);
    return all;
  }

  /** What the datapath has counted: drops by reason, hits of the caches, misses. */
  public DatapathStatistics statistics() {
    return core.datapath().statistics();
  }

  /** All rules, table by table, with counters that include every packet so far. */
  public List<Rule> rules() {
    core.refreshStatistics();
    List<Rule> all = new ArrayList<>();
    for (int table = 0; table < bridge.tableCount(); table++) {
      all.addAll(bridge.tables().table(table).within(Match.any(), bridge.version()));
    }
    return all;
  }

  /** The datapath, for whoever steps it by a clock of his own instead of calling {@link #step}. */
  public Datapath datapath() {
    return core.datapath();
  }

  /** What such a one has to step beside the packet threads, on any thread. */
  public Agent controlAgent() {
    return core.controlAgent();
  }

  /** The other one, which has memory ready for connections. */
  public Agent memoryAgent() {
    return core.memoryAgent();
  }

  /** Its connections and their settings. */
  public Conntrack conntrack() {
    return core.conntrack();
  }

  /** Adds what {@code ovs-appctl} asks of it, for whoever steps it by {@code realClock}. */
  public void registerIn(UnixctlCommands commands, Clock realClock) {
    new OfprotoCommands(core, realClock).registerIn(commands);
  }

  /** Errors in the program itself that were met and survived. */
  public List<Throwable> faults() {
    return List.copyOf(faults);
  }

  @Override
  public void close() {
    devices.forEach(Netdev::close);
    core.close();
  }
}
