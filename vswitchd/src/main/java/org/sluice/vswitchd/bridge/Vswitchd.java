package org.sluice.vswitchd.bridge;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.sluice.base.clock.Clock;
import org.sluice.base.clock.WarpClock;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stats.Coverage;
import org.sluice.base.stats.DistinctErrorLog;
import org.sluice.base.stream.Tls;
import org.sluice.base.stream.TlsSettings;
import org.sluice.base.sync.Agent;
import org.sluice.base.sync.AgentThread;
import org.sluice.base.unixctl.CoverageUnixctl;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.datapath.DatapathOptions;
import org.sluice.datapath.packet.DropReason;
import org.sluice.ovsdb.client.ClientConfig;
import org.sluice.ovsdb.client.Connector;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.ovsdb.transaction.Row;
import org.sluice.vswitchd.ofproto.Capability;
import org.sluice.vswitchd.ofproto.ControllerSettings;
import org.sluice.vswitchd.ofproto.ControllerStatus;
import org.sluice.vswitchd.ofproto.NextHops;
import org.sluice.vswitchd.ofproto.Ofproto;
import org.sluice.vswitchd.ofproto.OfprotoCommands;
import org.sluice.vswitchd.ofproto.OfprotoConnections;
import org.sluice.vswitchd.ofproto.OpenFlowLogs;
import org.sluice.vswitchd.ofproto.OpenFlowSurroundings;
import org.sluice.vswitchd.ofproto.RequestOrder;
import org.sluice.vswitchd.ofproto.SwitchCore;
import org.sluice.vswitchd.translate.RevalidationPolicy;
import org.sluice.vswitchd.translate.TraceCommand;
import org.sluice.vswitchd.translate.TraceException;

/**
 * The whole switch, as configured by a database: made of a {@link SwitchCore} with its threads, a
 * {@link BridgeLoop} that follows the database, and the bridges' OpenFlow connections.
 *
 * <pre>
 *   bridge          follows the database, reconciles              (one platform thread)
 *   pmd0 .. pmdN    packets                                       (as other_config says)
 *   revalidator     megaflows, rule timeouts
 *   memory          memory for connections to come
 *   virtual threads OpenFlow, OVSDB and control connections
 * </pre>
 *
 * <p>Started and closed by the main thread.
 */
public final class Vswitchd implements AutoCloseable {
  private static final long LONGEST_SLEEP_NS = 20_000_000;
  private static final long LONGEST_SETTLE_NS = 200_000_000;
  private static final long SETTLE_STEP_NS = 1_000_000;

  /**
   * How a switch is set up.
   *
   * @param runDirectory where the bridges' sockets are made
   * @param database the database's remote, as {@code unix:FILE}
   * @param packetThreads how many, where the database does not say
   * @param dummies which devices are made of nothing
   * @param tls what connections with TLS use, where the database does not say
   */
  public record Options(
      Path runDirectory, String database, int packetThreads, DummyMode dummies, TlsSettings tls) {
    public Options(Path runDirectory, String database, int packetThreads) {
      this(runDirectory, database, packetThreads, DummyMode.OFF, TlsSettings.NONE);
    }
  }

  private final Options options;
  private final Clock clock;
  private final VlogRegistry registry;
  private final Vlog log;
  private final UnixctlCommands commands;
  private final Tls tls;
  private final OvsdbClient database;
  private final BridgeLoop loop;
  private final DistinctErrorLog faults = new DistinctErrorLog();
  private final Coverage coverage = new Coverage();
  private final List<AutoCloseable> threads = new ArrayList<>();
  private volatile SwitchCore core;
  private PacketThreads packetThreads;
  private volatile Services services;
  private RequestOrder requests = RequestOrder.NONE;
  private AgentThread control;
  private boolean closed;

  /**
   * A switch that does nothing until started; {@code ready} is told when its first configuration
   * runs.
   */
  public Vswitchd(
      Options options,
      Clock clock,
      VlogRegistry registry,
      UnixctlCommands commands,
      Runnable ready) {
    this.options = options;
    this.clock = clock;
    this.registry = registry;
    this.log = registry.vlog("bridge");
    this.commands = commands;
    this.tls = new Tls(registry.vlog("stream_ssl"));
    tls.configure(options.tls());
    this.database =
        new OvsdbClient(clientConfig(options.database(), tls), registry.vlog("ovsdb_idl"));
    this.loop = new BridgeLoop(database, this::startCore, ready, clock, log);
    new CoverageUnixctl(coverage).registerIn(commands);
    commands.register("sluice/faults", "", 0, 0, _ -> UnixctlReply.text(faults.show()));
  }

  private static ClientConfig clientConfig(String remote, Tls tls) {
    return ClientConfig.of(Connector.of(remote, tls), ShippedSchemas.openVswitch())
        .monitor(
            "Open_vSwitch",
            "bridges",
            "ssl",
            "next_cfg",
            "cur_cfg",
            "other_config",
            "datapaths",
            "datapath_types",
            "iface_types",
            "dpdk_initialized")
        .monitor("Bridge")
        .monitor("Port", "name", "interfaces", "tag", "trunks", "vlan_mode", "other_config")
        .monitor("Interface")
        .monitor("Flow_Table", "name", "flow_limit", "overflow_policy", "groups")
        .monitor("Controller")
        .monitor("SSL", "private_key", "certificate", "ca_cert", "bootstrap_ca_cert")
        .monitor("Datapath", "ct_zones", "ct_zone_default_limit", "capabilities")
        .monitor("CT_Zone", "limit", "timeout_policy", "external_ids")
        .monitor("CT_Timeout_Policy", "timeouts")
        .lock("ovs_vswitchd");
  }

  /** Connects to the database, for ever if need be, and follows it. */
  public void start() {
    database.start();
    loop.start();
  }

  /** The switch's inside; null until the database was first read. */
  public SwitchCore core() {
    return core;
  }

  private Reconciler startCore(Row root) {
    SecureRandom random = new SecureRandom();
    DatapathOptions datapath =
        DatapathOptions.named(options.dummies().datapathName()).withSeed(random.nextLong());
    core = new SwitchCore(datapath, new Conntrack(random.nextLong() | 1), this::fault);
    core.logMisses(registry.vlog("dpif_netdev"));
    core.logFlushes(registry.vlog("ct_dpif"));
    for (DropReason reason : DropReason.values()) {
      coverage.addSource(reason.counter(), counter(reason));
    }
    coverage.addSource("conntrack_gateway_unreadable", core.conntrack()::unreadableMessages);
    coverage.addSource("conntrack_l3csum_checked", core.conntrack()::headersChecked);
    coverage.addSource("conntrack_l3csum_err", core.conntrack()::headersWrong);
    startThreads();
    new OfprotoCommands(core, clock).registerIn(commands);
    registerTrace();
    services = new Services();
    return new Reconciler(core, devices(), services, log);
  }

  /** A connection that was not made is counted whether or not its packet goes on. */
  private LongSupplier counter(DropReason reason) {
    return switch (reason) {
      case CT_FULL -> core.conntrack().limits()::refusedByTotal;
      case CT_ZONE_LIMIT -> core.conntrack().limits()::refusedByZone;
      default -> () -> core.datapath().statistics().dropped(reason);
    };
  }

  private DeviceOpener devices() {
    DeviceOpener linux = new LinuxDevices(registry.vlog("netdev_afxdp"));
    if (options.dummies() == DummyMode.OFF) {
      return linux;
    }
    DummyDevices dummies = new DummyDevices(options.dummies(), linux, clock);
    core.datapath().addPort(0, dummies.make("ovs-dummy", "dummy-internal"));
    core.revalidator().configure(policy(RevalidationPolicy.DEFAULT));
    new DummyCommands(dummies, core::datapath, loop::refresh).registerIn(commands);
    if (clock instanceof WarpClock warped) {
      requests = RequestOrder.strict();
      new ClockCommands(warped, requests, this::takeTurn).registerIn(commands);
    }
    return dummies;
  }

  /** Where the clock may stand, nothing may wait for it to go on. */
  private RevalidationPolicy policy(RevalidationPolicy wanted) {
    return options.dummies() == DummyMode.OFF ? wanted : wanted.withoutPause();
  }

  /** Has everything that goes by the time look at it. */
  private CompletableFuture<Void> takeTurn() {
    core.step(clock.nowNs());
    services.step(clock.nowNs());
    return core.datapath().fence();
  }

  private void registerTrace() {
    TraceCommand trace = new TraceCommand(core, core, core.recirculations());
    commands.register(
        "ofproto/trace",
        "{[dp_name] odp_flow | bridge br_flow} [OPTIONS...] [-generate|packet]",
        1,
        Integer.MAX_VALUE,
        request -> traced(() -> trace.trace(request.args(), clock.nowNs())));
    commands.register(
        "ofproto/trace-packet-out",
        "[-consistent] {[dp_name] odp_flow | bridge br_flow} [OPTIONS...] [-generate|packet] actions",
        2,
        Integer.MAX_VALUE,
        request -> traced(() -> trace.tracePacketOut(request.args(), clock.nowNs())));
  }

  /** A trace that may find its arguments wrong. */
  private interface Traced {
    String run() throws TraceException;
  }

  private static UnixctlReply traced(Traced trace) {
    try {
      return UnixctlReply.text(trace.run());
    } catch (TraceException e) {
      return UnixctlReply.error(e.getMessage());
    }
  }

  private void startThreads() {
    packetThreads = new PacketThreads(core.datapath(), options.packetThreads(), clock, log);
    threads.add(packetThreads);
    control = AgentThread.start(new Control(), clock, LONGEST_SLEEP_NS, this::fault);
    core.onControlWork(control::wakeUp);
    threads.add(control);
    threads.add(AgentThread.start(core.memoryAgent(), clock, LONGEST_SLEEP_NS, this::fault));
  }

  private void fault(String where, Throwable cause) {
    if (faults.record(where, cause, clock.wallMs())) {
      log.err("%s: internal error: %s at %s", where, cause, firstFrame(cause));
    }
  }

  private static String firstFrame(Throwable cause) {
    return cause.getStackTrace().length == 0 ? "?" : cause.getStackTrace()[0].toString();
  }

  /** What runs beside the packets: revalidation, and the rates of the counters. */
  private final class Control implements Agent {
    private final Agent revalidation = core.controlAgent();

    @Override
    public String name() {
      return revalidation.name();
    }

    @Override
    public int doWork(long nowNs) {
      coverage.sample(nowNs);
      return revalidation.doWork(nowNs);
    }

    @Override
    public void onClose() {
      revalidation.onClose();
    }
  }

  /** The bridges' OpenFlow connections. Changed by the thread that reconciles. */
  private final class Services implements BridgeServices {
    private final Map<Ofproto, OfprotoConnections> connections = new ConcurrentHashMap<>();

    private DesiredDatapath applied = DesiredDatapath.DEFAULT;

    void step(long nowNs) {
      connections.values().forEach(each -> each.step(nowNs));
    }

    @Override
    public void configure(DesiredDatapath wanted) {
      packetThreads.follow(wanted.cpus(), wanted.threads());
      if (!wanted.equals(applied)) {
        core.revalidator().configure(policy(wanted.policy()));
        core.datapath().setMissesPerSecond(wanted.missesPerSecond());
        applied = wanted;
      }
    }

    /** Belongs to the bridge thread. */
    private boolean toldCapabilities;

    @Override
    public void configure(DesiredTls wanted) {
      tls.configure(wanted.over(options.tls()));
    }

    @Override
    public void added(Ofproto bridge) {
      if (!toldCapabilities) {
        toldCapabilities = true;
        Capability.log(registry.vlog("ofproto_dpif"), options.dummies().datapathName());
      }
      OfprotoConnections made =
          new OfprotoConnections(
              bridge,
              new OpenFlowSurroundings(
                  options.runDirectory(),
                  clock,
                  options.dummies() == DummyMode.OFF ? new LinuxNextHops() : NextHops.NONE,
                  requests,
                  tls,
                  new OpenFlowLogs(
                      registry.vlog("connmgr"),
                      registry.vlog("rconn"),
                      registry.vlog("vconn"),
                      registry.vlog("ofp_flow"))));
      connections.put(bridge, made);
      try {
        made.open();
      } catch (IOException e) {
        log.err("bridge %s: %s", bridge.name(), e.getMessage());
      }
    }

    @Override
    public void configure(Ofproto bridge, DesiredBridge wanted, long nowNs) {
      List<ControllerSettings> controllers = new ArrayList<>();
      for (DesiredController each : wanted.controllers()) {
        controllers.add(
            new ControllerSettings(
                each.target(),
                (int) each.maxBackoffMs(),
                (int) each.inactivityProbeMs(),
                each.inBand(),
                each.packetIns()));
      }
      connections.get(bridge).setControllers(controllers, wanted.secure());
    }

    @Override
    public void settle() {
      long change = core.changeSequence();
      long steps = LONGEST_SETTLE_NS / SETTLE_STEP_NS;
      while (core.revalidator().settledSequence() < change && steps-- > 0) {
        control.wakeUp();
        LockSupport.parkNanos(this, SETTLE_STEP_NS);
      }
    }

    @Override
    public List<ControllerStatus> controllers(Ofproto bridge) {
      return connections.get(bridge).status();
    }

    @Override
    public void removing(Ofproto bridge) {
      OfprotoConnections gone = connections.remove(bridge);
      if (gone != null) {
        gone.close();
      }
    }
  }

  /** Takes the switch down; its devices are closed when this returns. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    loop.close();
    for (AutoCloseable thread : threads) {
      try {
        thread.close();
      } catch (Exception e) {
        log.warn("ending: %s", e.toString());
      }
    }
    database.close();
  }
}
