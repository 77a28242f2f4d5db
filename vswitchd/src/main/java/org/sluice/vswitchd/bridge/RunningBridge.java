package org.sluice.vswitchd.bridge;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.PortDescription.Config;
import org.sluice.openflow.message.PortDescription.State;
import org.sluice.vswitchd.l2.Bundle;
import org.sluice.vswitchd.ofproto.Ofproto;
import org.sluice.vswitchd.ofproto.PortTable;
import org.sluice.vswitchd.ofproto.SwitchPort;
import org.sluice.vswitchd.translate.PortView;

/** A bridge as it runs. Owned by the thread that reconciles. */
final class RunningBridge {
  private static final int MAX_PORT = 0xfeff;

  private final Ofproto ofproto;
  private final Map<String, RunningInterface> interfaces = new LinkedHashMap<>();
  private final Map<String, Integer> bundleIds = new HashMap<>();
  private int nextBundleId;
  private int lastGiven;
  private DesiredBridge desired;

  RunningBridge(Ofproto ofproto, DesiredBridge desired) {
    this.ofproto = ofproto;
    this.desired = desired;
  }

  Ofproto ofproto() {
    return ofproto;
  }

  DesiredBridge desired() {
    return desired;
  }

  void setDesired(DesiredBridge changed) {
    desired = changed;
    Set<String> names = changed.ports().stream().map(DesiredPort::name).collect(toSet());
    bundleIds.keySet().retainAll(names);
  }

  String name() {
    return ofproto.name();
  }

  Collection<RunningInterface> interfaces() {
    return interfaces.values();
  }

  RunningInterface get(String name) {
    return interfaces.get(name);
  }

  void put(RunningInterface running) {
    interfaces.put(running.desired().name(), running);
  }

  void remove(String name) {
    interfaces.remove(name);
  }

  boolean isLocal(RunningInterface running) {
    return running.desired().name().equals(name());
  }

  /** The bridge's own port; null while it has no device. */
  RunningInterface local() {
    return interfaces.get(name());
  }

  /**
   * Numbers the interfaces that run: as before, unless another number is asked for; as asked where
   * that is free; as before, also before a restart; else with the next free number.
   */
  void assignOfPorts() {
    TreeSet<Integer> taken = new TreeSet<>();
    List<RunningInterface> open = new ArrayList<>();
    for (RunningInterface running : interfaces.values()) {
      if (running.runs()) {
        open.add(running);
      } else {
        running.setOfPort(RunningInterface.NO_OFPORT);
      }
    }
    open.removeIf(running -> isAsAsked(running) && taken.add(running.ofPort()));
    open.removeIf(running -> takes(running, asked(running), taken));
    open.removeIf(running -> takes(running, running.ofPort(), taken));
    open.removeIf(running -> takes(running, running.formerOfPort(), taken));
    open.forEach(running -> running.setOfPort(free(taken)));
  }

  /** The number asked for, or 0. */
  private int asked(RunningInterface running) {
    return isLocal(running) ? OfPort.LOCAL : running.desired().ofportRequest();
  }

  private boolean isAsAsked(RunningInterface running) {
    int asked = asked(running);
    return running.ofPort() > 0 && (asked == 0 || asked == running.ofPort());
  }

  private static boolean takes(RunningInterface running, int number, Set<Integer> taken) {
    boolean isNumber = number == OfPort.LOCAL || (number > 0 && number <= MAX_PORT);
    if (!isNumber || !taken.add(number)) {
      return false;
    }
    running.setOfPort(number);
    return true;
  }

  /**
   * The next number that is free after the one given out last: one that has just become free may
   * still be meant by rules.
   */
  private int free(Set<Integer> taken) {
    for (int tries = 0; tries < MAX_PORT; tries++) {
      lastGiven = lastGiven >= MAX_PORT ? 1 : lastGiven + 1;
      if (taken.add(lastGiven)) {
        return lastGiven;
      }
    }
    return RunningInterface.NO_OFPORT;
  }

  /** The ports and bundles that the interfaces now make. */
  PortTable portTable(PatchPeers peers) {
    PortTable before = ofproto.portTable();
    List<SwitchPort> ports = new ArrayList<>();
    List<Bundle> bundles = new ArrayList<>();
    for (DesiredPort port : desired.ports()) {
      List<Integer> members = new ArrayList<>();
      for (DesiredInterface each : port.interfaces()) {
        RunningInterface running = interfaces.get(each.name());
        if (running != null && running.runs() && running.ofPort() > 0) {
          ports.add(switchPort(running, before.get(running.ofPort()), peers));
          members.add(running.ofPort());
        }
      }
      if (!members.isEmpty()) {
        bundles.add(bundle(port, members));
      }
    }
    return new PortTable(ports, bundles);
  }

  /** Finds the other end of patch ports. */
  interface PatchPeers {
    /** Where the patch port {@code name} leads; null where nowhere yet. */
    PortView.Peer peerOf(String name);
  }

  private static SwitchPort switchPort(
      RunningInterface running, SwitchPort before, PatchPeers peers) {
    String name = running.desired().name();
    boolean kept = before != null && before.name().equals(name);
    int config = kept ? before.config() : 0;
    if (running.desired().isPatch()) {
      SwitchPort port =
          kept
              ? before
              : SwitchPort.of(running.ofPort(), name, PortView.NOWHERE, 0, running.addedNs());
      PortView.Peer peer = peers.peerOf(name);
      int state = peer == null ? State.LINK_DOWN : 0;
      return port.withPeer(peer).withDevice(port.mac(), config, state);
    }
    var netdev = running.netdev();
    boolean up = netdev.adminUp();
    int changed = up ? config & ~Config.DOWN : config | Config.DOWN;
    return SwitchPort.of(running.ofPort(), name, running.datapathPort(), 0, running.addedNs())
        .withDevice(netdev.macAddress(), changed, netdev.linkUp() ? 0 : State.LINK_DOWN);
  }

  private Bundle bundle(DesiredPort port, List<Integer> members) {
    int id = bundleIds.computeIfAbsent(port.name(), name -> nextBundleId++);
    return new Bundle(
        id, port.name(), port.vlanMode(), port.tag(), port.trunks(), members, port.priorityTags());
  }

  /** The bridge's address: as asked, else the lowest of its devices, else its own port's. */
  long mac() {
    if (desired.hwaddr() != 0) {
      return desired.hwaddr();
    }
    long lowest = Long.MAX_VALUE;
    for (RunningInterface running : interfaces.values()) {
      if (running.netdev() != null && !isLocal(running)) {
        lowest = Math.min(lowest, running.netdev().macAddress());
      }
    }
    if (lowest != Long.MAX_VALUE) {
      return lowest;
    }
    RunningInterface local = local();
    return local == null || local.netdev() == null ? 0 : local.netdev().macAddress();
  }
}
