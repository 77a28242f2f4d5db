package org.sluice.datapath.datapath;

import java.util.Arrays;
import org.sluice.datapath.hook.HookChain;
import org.sluice.datapath.hook.HookPoint;
import org.sluice.datapath.hook.HookVerdict;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * Shows one packet thread's packets to hooks. There is none where there are no hooks. Owned by that
 * thread.
 */
final class HookedPath {
  private final HookChain hooks;
  private final ThreadCounters counters;
  private boolean[] isLocal = new boolean[16];
  private long nowNs;

  HookedPath(HookChain hooks, ThreadCounters counters) {
    this.hooks = hooks;
    this.counters = counters;
  }

  /** Null where there are no hooks. */
  static HookedPath of(HookChain hooks, ThreadCounters counters) {
    return hooks.isEmpty() ? null : new HookedPath(hooks, counters);
  }

  void setNow(long ns) {
    nowNs = ns;
  }

  void know(Port port) {
    if (port.number() >= isLocal.length) {
      isLocal = Arrays.copyOf(isLocal, Integer.highestOneBit(port.number()) * 2);
    }
    isLocal[port.number()] = isLocal(port.netdev().type());
  }

  /** What this host's own stack is behind. */
  private static boolean isLocal(String deviceType) {
    return deviceType.equals("internal") || deviceType.equals("tap");
  }

  private boolean isLocal(int port) {
    return port >= 0 && port < isLocal.length && isLocal[port];
  }

  /** A packet has come in; false if it ends here. */
  boolean arrived(Packet packet) {
    boolean goesOn = goesOn(hooks.arrived(arrival(packet), packet, nowNs));
    return goesOn && Parser.parse(packet);
  }

  private HookPoint arrival(Packet packet) {
    return isLocal(packet.inPort) ? HookPoint.LOCAL_OUT : HookPoint.PRE_ROUTING;
  }

  /** Whether packets must not take shortcuts around tracking. */
  boolean wantsTracked() {
    return hooks.wantsTracked();
  }

  /** A packet was tracked; false if it ends here. */
  boolean tracked(Packet packet) {
    return goesOn(hooks.passed(arrival(packet), packet, nowNs));
  }

  /** A packet is about to leave; false if it does not. */
  boolean leaving(int port, Packet packet) {
    if (isLocal(port)) {
      return goesOn(hooks.passed(HookPoint.LOCAL_IN, packet, nowNs));
    }
    boolean isForwarded = !isLocal(packet.inPort);
    return (!isForwarded || goesOn(hooks.passed(HookPoint.FORWARD, packet, nowNs)))
        && goesOn(hooks.passed(HookPoint.POST_ROUTING, packet, nowNs));
  }

  private boolean goesOn(HookVerdict verdict) {
    if (verdict == HookVerdict.DROP) {
      counters.drop(DropReason.HOOK);
    }
    return verdict == HookVerdict.ACCEPT;
  }
}
