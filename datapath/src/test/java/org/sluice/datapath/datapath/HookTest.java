package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.CtState;
import org.sluice.datapath.hook.HookChain;
import org.sluice.datapath.hook.HookPoint;
import org.sluice.datapath.hook.HookVerdict;
import org.sluice.datapath.hook.PacketHook;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/** Hooks at all points of a tracking datapath, its caches warm or not. */
class HookTest {
  private static final byte[] REQUEST = Frames.ipv4(17, 0x0a000001, 0x0b000001, 1000 << 16 | 80, 0);
  private static final byte[] ANSWER = Frames.ipv4(17, 0x0b000001, 0x0a000001, 80 << 16 | 1000, 0);

  private final List<String> seen = new ArrayList<>();
  private final List<PacketHook> hooks = new ArrayList<>();
  private final List<QueueNetdev> devices = new ArrayList<>();
  private Datapath datapath;
  private long nowNs;

  /** A hook that writes down what it sees. */
  private void hook(HookPoint point, int priority, Function<Packet, HookVerdict> verdict) {
    hooks.add(
        new PacketHook() {
          @Override
          public HookPoint point() {
            return point;
          }

          @Override
          public int priority() {
            return priority;
          }

          @Override
          public HookVerdict packet(Packet packet, long ns) {
            seen.add(point + " " + priority + " " + CtState.text(packet.ctState));
            return verdict.apply(packet);
          }
        });
  }

  private void start() {
    datapath =
        new Datapath(
            DatapathOptions.named("test"),
            new Conntrack(1),
            new StatefulPolicy(true),
            (where, cause) -> {
              throw new AssertionError(where, cause);
            },
            HookChain.of(hooks));
    for (int i = 1; i <= 2; i++) {
      devices.add(new QueueNetdev("p" + i));
      datapath.addPort(i, devices.getLast());
    }
    step();
  }

  private void step() {
    nowNs += 10_000_000;
    datapath.threads().forEach(thread -> thread.doWork(nowNs));
  }

  /** Sends a frame in by a port; how many come out of the other. */
  private int pass(int port, byte[] frame) {
    seen.clear();
    devices.get(port - 1).arrive(frame);
    step();
    return devices.get(2 - port).takeSent().size();
  }

  @Test
  void shouldShowPacketsInOrderOfPriorityWithWhatTrackingFound() {
    hook(HookPoint.POST_ROUTING, PacketHook.FILTER, packet -> HookVerdict.ACCEPT);
    hook(HookPoint.FORWARD, PacketHook.FILTER, packet -> HookVerdict.ACCEPT);
    hook(HookPoint.PRE_ROUTING, PacketHook.FILTER, packet -> HookVerdict.ACCEPT);
    hook(HookPoint.PRE_ROUTING, PacketHook.DEFRAGMENT, packet -> HookVerdict.ACCEPT);
    hook(HookPoint.LOCAL_IN, PacketHook.FILTER, packet -> HookVerdict.ACCEPT);
    start();
    assertEquals(1, pass(1, REQUEST));
    for (int i = 0; i < 3; i++) {
      assertEquals(1, pass(2, ANSWER));
      assertEquals(
          List.of(
              "PRE_ROUTING -400 0",
              "PRE_ROUTING 0 est|rpl|trk",
              "FORWARD 0 est|rpl|trk",
              "POST_ROUTING 0 est|rpl|trk"),
          seen);
    }
  }

  @Test
  void shouldDropWhereAHookSaysSo() {
    hook(HookPoint.PRE_ROUTING, PacketHook.DEFRAGMENT, packet -> HookVerdict.DROP);
    start();
    assertEquals(0, pass(1, REQUEST));
    assertEquals(0, pass(1, REQUEST));
    assertEquals(2, datapath.statistics().drops().get(DropReason.HOOK));
  }

  @Test
  void shouldCountNothingWhenAPacketIsStolen() {
    hook(HookPoint.POST_ROUTING, PacketHook.FILTER, packet -> HookVerdict.STOLEN);
    start();
    assertEquals(0, pass(1, REQUEST));
    assertEquals(0, datapath.statistics().drops().size());
  }

  @Test
  void shouldKeepAQueuedPacketForAProgram() {
    hook(HookPoint.FORWARD, PacketHook.FILTER, packet -> HookVerdict.QUEUE);
    start();
    assertEquals(0, pass(1, REQUEST));
    assertEquals(REQUEST.length, datapath.queuedByHooks().poll().frame().length);
  }

  @Test
  void shouldAskAgainWhenAHookWantsItRepeated() {
    hook(
        HookPoint.FORWARD,
        PacketHook.FILTER,
        packet -> seen.size() < 3 ? HookVerdict.REPEAT : HookVerdict.ACCEPT);
    start();
    assertEquals(1, pass(1, REQUEST));
    assertEquals(3, seen.size());
  }

  @Test
  void shouldLookAtHeadersAgainWhenAHookHasChangedThem() {
    hook(
        HookPoint.PRE_ROUTING,
        PacketHook.DEFRAGMENT,
        packet -> {
          OffHeap.putShortBe(packet.address + 12, 0x1234);
          return HookVerdict.ACCEPT;
        });
    start();
    assertEquals(0, pass(1, REQUEST));
    assertEquals(0, datapath.statistics().drops().getOrDefault(DropReason.HOOK, 0L));
  }
}
