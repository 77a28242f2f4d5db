package org.sluice.vswitchd.bridge;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import org.sluice.base.log.Vlog;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.datapath.Port;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.vswitchd.l2.PriorityTags;
import org.sluice.vswitchd.l2.VlanMode;
import org.sluice.vswitchd.l2.VlanSet;
import org.sluice.vswitchd.ofproto.ControllerStatus;
import org.sluice.vswitchd.ofproto.Ofproto;
import org.sluice.vswitchd.ofproto.PortTable;
import org.sluice.vswitchd.ofproto.SwitchCore;
import org.sluice.vswitchd.ofproto.SwitchSettings;
import org.sluice.vswitchd.translate.PortView;

/**
 * Makes the running switch like the configuration: what is not wanted goes, what is missing comes,
 * what differs changes; nothing else is touched. Asked again with the same configuration it only
 * retries what failed and takes notice of what devices say.
 *
 * <p>Owned by one thread. The datapath has to be stepped by others meanwhile: closing a device
 * waits until no packet thread has it.
 */
public final class Reconciler {
  private final SwitchCore core;
  private final TrackingSettings tracking;
  private final TrackingNotices notices;
  private final DeviceOpener devices;
  private final BridgeServices services;
  private final Vlog log;
  private final Map<String, RunningBridge> bridges = new TreeMap<>();
  private final Map<String, CompletableFuture<?>> closing = new HashMap<>();

  Reconciler(SwitchCore core, DeviceOpener devices, BridgeServices services, Vlog log) {
    this.core = core;
    this.tracking = new TrackingSettings(core.conntrack(), log);
    this.notices = new TrackingNotices(core.conntrack(), log);
    this.devices = devices;
    this.services = services;
    this.log = log;
  }

  Collection<RunningBridge> bridges() {
    return bridges.values();
  }

  /** How a bridge's controllers are. */
  List<ControllerStatus> controllers(RunningBridge bridge) {
    return services.controllers(bridge.ofproto());
  }

  /** Makes the switch like {@code wanted}; {@code former} numbers what is new in this process. */
  void apply(DesiredConfiguration wanted, ToIntFunction<DesiredInterface> former, long nowNs) {
    services.configure(wanted.datapath());
    services.configure(wanted.tls());
    tracking.apply(wanted.tracking());
    Map<String, DesiredBridge> byName = new LinkedHashMap<>();
    for (DesiredBridge bridge : wanted.bridges()) {
      byName.put(bridge.name(), withLocalPort(bridge));
    }
    for (String name : List.copyOf(bridges.keySet())) {
      if (!byName.containsKey(name)) {
        removeBridge(bridges.remove(name));
      }
    }
    byName.forEach((name, bridge) -> removeInterfaces(running(name, bridge), bridge));
    for (RunningBridge bridge : bridges.values()) {
      addInterfaces(bridge, former, nowNs);
      openDevices(bridge);
    }
    publish(nowNs);
    services.settle();
  }

  /** Takes notice of devices that have come, gone or changed since. */
  void refresh(long nowNs) {
    notices.tell();
    for (RunningBridge bridge : bridges.values()) {
      for (RunningInterface running : bridge.interfaces()) {
        if (running.netdev() != null && running.netdev().error() != null) {
          String error = running.netdev().error();
          detach(running);
          running.failed(error);
        }
      }
      openDevices(bridge);
    }
    publish(nowNs);
  }

  /**
   * Closes everything; with {@code cleanup} devices that only the switch made are gone afterwards
   * too.
   */
  void close() {
    bridges.values().forEach(this::removeBridge);
    bridges.clear();
    closing.values().forEach(CompletableFuture::join);
  }

  private RunningBridge running(String name, DesiredBridge desired) {
    RunningBridge bridge = bridges.get(name);
    if (bridge == null) {
      Ofproto ofproto = core.addBridge(name);
      bridge = new RunningBridge(ofproto, desired);
      bridges.put(name, bridge);
      services.added(ofproto);
    }
    bridge.setDesired(desired);
    return bridge;
  }

  /** A bridge has a port of its own, also where the database does not say so. */
  private static DesiredBridge withLocalPort(DesiredBridge bridge) {
    for (DesiredPort port : bridge.ports()) {
      for (DesiredInterface each : port.interfaces()) {
        if (each.name().equals(bridge.name())) {
          return bridge;
        }
      }
    }
    DesiredInterface local =
        new DesiredInterface(null, bridge.name(), "internal", Map.of(), 0, 0, 0);
    List<DesiredPort> ports = new ArrayList<>(bridge.ports());
    ports.add(
        new DesiredPort(
            null,
            bridge.name(),
            List.of(local),
            VlanMode.TRUNK,
            0,
            VlanSet.all(),
            PriorityTags.NEVER));
    return bridge.withPorts(ports);
  }

  private void removeBridge(RunningBridge bridge) {
    services.removing(bridge.ofproto());
    bridge.interfaces().forEach(this::detach);
    core.removeBridge(bridge.name());
  }

  private void removeInterfaces(RunningBridge bridge, DesiredBridge desired) {
    Map<String, DesiredInterface> wanted = new HashMap<>();
    desired.ports().forEach(port -> port.interfaces().forEach(i -> wanted.put(i.name(), i)));
    for (RunningInterface running : List.copyOf(bridge.interfaces())) {
      DesiredInterface now = wanted.get(running.desired().name());
      if (now != null && (now.isSameDevice(running.desired()) || reconfigured(running, now))) {
        running.setDesired(now);
      } else {
        log.info(
            "bridge %s: deleted interface %s on port %d",
            bridge.name(), running.desired().name(), running.ofPort());
        detach(running);
        bridge.remove(running.desired().name());
      }
    }
  }

  private boolean reconfigured(RunningInterface running, DesiredInterface wanted) {
    return running.netdev() != null
        && running.desired().isSameKind(wanted)
        && devices.reconfigure(running.netdev(), wanted.options());
  }

  private static void addInterfaces(
      RunningBridge bridge, ToIntFunction<DesiredInterface> former, long nowNs) {
    for (DesiredPort port : bridge.desired().ports()) {
      for (DesiredInterface wanted : port.interfaces()) {
        if (bridge.get(wanted.name()) == null) {
          bridge.put(new RunningInterface(wanted, former.applyAsInt(wanted), nowNs));
        }
      }
    }
  }

  private void openDevices(RunningBridge bridge) {
    for (RunningInterface running : bridge.interfaces()) {
      if (running.desired().isPatch()) {
        checkPatch(running);
      } else if (running.netdev() == null) {
        open(bridge, running);
      }
    }
    configureDevices(bridge);
    number(bridge);
  }

  private void number(RunningBridge bridge) {
    List<RunningInterface> without =
        bridge.interfaces().stream().filter(running -> running.ofPort() <= 0).toList();
    bridge.assignOfPorts();
    for (RunningInterface running : without) {
      if (running.ofPort() > 0) {
        log.info(
            "bridge %s: added interface %s on port %d",
            bridge.name(), running.desired().name(), running.ofPort());
      }
    }
  }

  private void checkPatch(RunningInterface running) {
    String error = running.desired().patchError();
    if (error == null) {
      running.attached(null, PortView.NOWHERE);
    } else {
      fail(running, error);
    }
  }

  /** Tells once why an interface does not run. */
  private void fail(RunningInterface running, String error) {
    if (!error.equals(running.error())) {
      log.warn("%s", error);
    }
    running.failed(error);
  }

  private void open(RunningBridge bridge, RunningInterface running) {
    DesiredInterface wanted = running.desired();
    CompletableFuture<?> earlier = closing.remove(wanted.name());
    if (earlier != null) {
      earlier.join();
    }
    String type = bridge.isLocal(running) ? "internal" : wanted.effectiveType();
    DeviceOpener.Opened opened = devices.open(wanted.name(), type, wanted.options());
    if (opened.netdev() == null) {
      fail(running, opened.error());
      return;
    }
    try {
      Port port = attach(opened.netdev());
      running.attached(opened.netdev(), port.number());
    } catch (IllegalArgumentException e) {
      opened.netdev().close();
      running.failed("could not add network device " + wanted.name() + " (" + e.getMessage() + ")");
    }
  }

  private Port attach(Netdev netdev) {
    int wanted = devices.wantedPort(netdev.name());
    return wanted == 0 || wanted > Datapath.MAX_PORT || core.datapath().port(wanted) != null
        ? core.datapath().addPort(netdev)
        : core.datapath().addPort(wanted, netdev);
  }

  private static void configureDevices(RunningBridge bridge) {
    for (RunningInterface running : bridge.interfaces()) {
      Netdev netdev = running.netdev();
      if (netdev != null) {
        long mac = bridge.isLocal(running) ? bridge.mac() : running.desired().mac();
        if (mac != 0 && netdev.macAddress() != mac) {
          netdev.setMacAddress(mac);
        }
        int mtu = running.desired().mtuRequest();
        if (mtu != 0 && netdev.mtu() != mtu) {
          netdev.setMtu(mtu);
        }
      }
    }
  }

  private void detach(RunningInterface running) {
    Netdev netdev = running.netdev();
    if (netdev != null) {
      String name = running.desired().name();
      CompletableFuture<Void> closed =
          core.datapath()
              .removePort(running.datapathPort())
              .thenAcceptAsync(port -> netdev.close());
      closing.put(name, closed);
      running.failed(null);
    }
  }

  private void publish(long nowNs) {
    closing.values().removeIf(CompletableFuture::isDone);
    Map<String, PortView.Peer> peers = patchPeers();
    core.writer().lock();
    try {
      for (RunningBridge bridge : bridges.values()) {
        PortTable table = bridge.portTable(peers::get);
        if (!table.isSameAs(bridge.ofproto().portTable())) {
          core.setPorts(bridge.ofproto(), table);
        }
        SwitchSettings settings = settings(bridge);
        if (!settings.equals(bridge.ofproto().settings())) {
          bridge.ofproto().configure(settings);
        }
        bridge.ofproto().configureTables(bridge.desired().tables(), nowNs);
      }
    } finally {
      core.writer().unlock();
    }
    bridges.values().forEach(b -> services.configure(b.ofproto(), b.desired(), nowNs));
  }

  /**
   * Where each patch port leads: to the interface that its {@code peer} option names and that names
   * it.
   */
  private Map<String, PortView.Peer> patchPeers() {
    Map<String, PortView.Peer> places = new HashMap<>();
    Map<String, String> wishes = new HashMap<>();
    for (RunningBridge bridge : bridges.values()) {
      for (RunningInterface running : bridge.interfaces()) {
        DesiredInterface wanted = running.desired();
        if (wanted.isPatch() && running.ofPort() > 0) {
          places.put(wanted.name(), new PortView.Peer(bridge.name(), running.ofPort()));
          wishes.put(wanted.name(), wanted.options().getOrDefault("peer", ""));
        }
      }
    }
    Map<String, PortView.Peer> peers = new HashMap<>();
    wishes.forEach((name, wish) -> {
      if (name.equals(wishes.get(wish))) {
        peers.put(name, places.get(wish));
      }
    });
    return peers;
  }

  private static SwitchSettings settings(RunningBridge bridge) {
    DesiredBridge wanted = bridge.desired();
    return new SwitchSettings(
        wanted.datapathId().orElse(bridge.mac()),
        wanted.protocols(),
        wanted.stations().maxEntries(),
        wanted.stations().agingS(),
        wanted.forwardsBpdu(),
        wanted.bundleIdleS(),
        SwitchSettings.Description.NONE);
  }
}
