package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.PacketMaker;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.fragment.FragmentLimits;
import org.sluice.datapath.conntrack.fragment.FrameCutter;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/** Fragments on their way through a datapath that tracks and translates. */
class FragmentPathTest {
  private static final End INSIDE = new End("10.0.0.1", 1000);
  private static final End SERVER = new End("11.0.0.1", 80);
  private static final End OUTSIDE = new End("12.0.0.1", 1000);

  private final Conntrack conntrack = new Conntrack(1);
  private final List<QueueNetdev> devices = new ArrayList<>();
  private final PacketMaker maker = new PacketMaker();
  private Datapath datapath;
  private long nowNs;

  @BeforeEach
  void attach() {
    datapath =
        new Datapath(
            DatapathOptions.named("test"),
            conntrack,
            new NatPolicy(true, false),
            (where, cause) -> {
              throw new AssertionError(where, cause);
            });
    for (int i = 1; i <= 2; i++) {
      devices.add(new QueueNetdev("p" + i));
      datapath.addPort(i, devices.getLast());
    }
    step(10_000_000);
  }

  private void step(long ns) {
    nowNs += ns;
    datapath.threads().forEach(thread -> thread.doWork(nowNs));
  }

  private byte[] datagram(End from, End to) {
    Packet packet = maker.udp(from, to, "0123456789".repeat(400));
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    return frame;
  }

  private List<byte[]> pass(int port, List<byte[]> frames) {
    frames.forEach(devices.get(port - 1)::arrive);
    step(10_000_000);
    step(10_000_000);
    return devices.get(2 - port).takeSent();
  }

  @Test
  void shouldSendFragmentsOnTranslatedAndInTheirOrder() {
    List<byte[]> arriving = FrameCutter.cut(datagram(INSIDE, SERVER), 1400, 77);
    Collections.rotate(arriving, 1);
    List<byte[]> expected = FrameCutter.cut(datagram(OUTSIDE, SERVER), 1400, 77);
    Collections.rotate(expected, 1);
    assertSame(expected, pass(1, arriving));
    List<byte[]> answer = FrameCutter.cut(datagram(SERVER, OUTSIDE), 1400, 78);
    assertSame(FrameCutter.cut(datagram(SERVER, INSIDE), 1400, 78), pass(2, answer));
    long accepted = conntrack.fragments().count(false, FragmentLimits.Event.ACCEPTED);
    assertTrue(accepted >= 6 && accepted % 3 == 0, accepted + " fragments accepted");
    assertEquals(accepted, conntrack.fragments().count(false, FragmentLimits.Event.COMPLETED));
    assertEquals(0, conntrack.fragments().held());
  }

  private static void assertSame(List<byte[]> expected, List<byte[]> sent) {
    assertEquals(expected.size(), sent.size());
    for (int i = 0; i < sent.size(); i++) {
      Packet packet = FrameCutter.load(sent.get(i), new PacketBatch().append());
      assertTrue(Checksum.isIpv4HeaderValid(packet));
      assertEquals(
          HexFormat.of().formatHex(expected.get(i)), HexFormat.of().formatHex(sent.get(i)));
    }
  }

  @Test
  void shouldDropFragmentsWhoseDatagramIsNotCompleteInTime() {
    List<byte[]> fragments = FrameCutter.cut(datagram(INSIDE, SERVER), 1400, 77);
    assertEquals(List.of(), pass(1, fragments.subList(0, 2)));
    assertEquals(2, conntrack.fragments().held());
    step(20_000_000_000L);
    assertEquals(0, conntrack.fragments().held());
    assertEquals(2, datapath.statistics().drops().get(DropReason.CT_FRAGMENT_EXPIRED));
  }

  /** What it holds counts against all threads' limit. */
  @Test
  void shouldDropTheFragmentsThatAPacketThreadHoldsWhenItGoes() throws Exception {
    resize(2);
    PacketThread leaving = datapath.threads().get(1);
    QueueNetdev device = (QueueNetdev) leaving.ports()[0].port.netdev();
    device.arrive(FrameCutter.cut(datagram(INSIDE, SERVER), 1400, 77).getFirst());
    step(10_000_000);
    step(10_000_000);
    assertEquals(1, conntrack.fragments().held());
    resize(1);
    assertEquals(0, conntrack.fragments().held());
    assertEquals(List.of(), conntrack.describeFragments());
    assertEquals(1, datapath.statistics().drops().get(DropReason.CT_FRAGMENT_EXPIRED));
  }

  private void resize(int count) throws Exception {
    CompletableFuture<List<PacketThread>> resized = datapath.resize(count, _ -> {});
    while (!resized.isDone()) {
      step(1_000_000);
    }
    datapath.retire(resized.get());
  }

  @Test
  void shouldSendNoCopyOfAFragment() {
    List<byte[]> fragments = FrameCutter.cut(datagram(INSIDE, SERVER), 1400, 77);
    List<byte[]> arriving = new ArrayList<>(fragments);
    arriving.add(1, fragments.getFirst());
    assertEquals(3, pass(1, arriving).size());
    assertEquals(1, datapath.statistics().drops().get(DropReason.CT_FRAGMENT_REPEATED));
  }

  @Test
  void shouldCallFragmentsInvalidWhenTheyAreNotPutTogether() {
    conntrack.fragments().setEnabled(false, false);
    assertEquals(List.of(), pass(1, FrameCutter.cut(datagram(INSIDE, SERVER), 1400, 77)));
    assertEquals(3, datapath.statistics().drops().get(DropReason.CT_FRAGMENT));
  }
}
