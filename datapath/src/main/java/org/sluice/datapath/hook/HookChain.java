package org.sluice.datapath.hook;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import org.sluice.datapath.packet.Packet;

/** All hooks, by point and priority. Immutable; the hooks themselves answer for their state. */
public final class HookChain {
  private static final int MAX_REPEATS = 8;
  private static final PacketHook[] NONE = {};

  private final PacketHook[][] arriving = new PacketHook[HookPoint.values().length][];
  private final PacketHook[][] others = new PacketHook[HookPoint.values().length][];
  private final HookQueue queue = new HookQueue();
  private final boolean isEmpty;

  private HookChain(List<PacketHook> hooks) {
    isEmpty = hooks.isEmpty();
    for (HookPoint point : HookPoint.values()) {
      List<PacketHook> own =
          hooks.stream()
              .filter(hook -> hook.point() == point)
              .sorted(Comparator.comparingInt(PacketHook::priority))
              .toList();
      List<PacketHook> early = new ArrayList<>(own);
      early.removeIf(hook -> !isArrival(point) || hook.priority() >= PacketHook.TRACK);
      List<PacketHook> late = new ArrayList<>(own);
      late.removeAll(early);
      arriving[index(point)] = early.toArray(NONE);
      others[index(point)] = late.toArray(NONE);
    }
  }

  @SuppressWarnings("EnumOrdinal")
  private static int index(HookPoint point) {
    return point.ordinal();
  }

  private static boolean isArrival(HookPoint point) {
    return point == HookPoint.PRE_ROUTING || point == HookPoint.LOCAL_OUT;
  }

  /** A chain of these. */
  public static HookChain of(List<PacketHook> hooks) {
    return new HookChain(hooks);
  }

  /** A chain of all that are provided on the module path. */
  public static HookChain load() {
    return of(ServiceLoader.load(PacketHook.class).stream().map(each -> each.get()).toList());
  }

  /** Whether there is no hook at all. */
  public boolean isEmpty() {
    return isEmpty;
  }

  /** Frames that hooks have queued. */
  public HookQueue queue() {
    return queue;
  }

  /** Shows a packet that has come in to the hooks in front of tracking. */
  public HookVerdict arrived(HookPoint point, Packet packet, long nowNs) {
    return run(arriving[index(point)], packet, nowNs);
  }

  /** Whether some hook wants packets after they were tracked. */
  public boolean wantsTracked() {
    return others[index(HookPoint.PRE_ROUTING)].length > 0
        || others[index(HookPoint.LOCAL_OUT)].length > 0;
  }

  /** Shows a packet to the hooks of a point: that it leaves by, or behind tracking. */
  public HookVerdict passed(HookPoint point, Packet packet, long nowNs) {
    return run(others[index(point)], packet, nowNs);
  }

  /** {@link HookVerdict#ACCEPT}, or the verdict that ends the packet. */
  private HookVerdict run(PacketHook[] hooks, Packet packet, long nowNs) {
    for (PacketHook hook : hooks) {
      HookVerdict verdict = hook.packet(packet, nowNs);
      for (int i = 0; i < MAX_REPEATS && verdict == HookVerdict.REPEAT; i++) {
        verdict = hook.packet(packet, nowNs);
      }
      if (verdict == HookVerdict.QUEUE) {
        queue.add(packet);
      }
      if (verdict != HookVerdict.ACCEPT) {
        return verdict == HookVerdict.REPEAT ? HookVerdict.DROP : verdict;
      }
    }
    return HookVerdict.ACCEPT;
  }
}
