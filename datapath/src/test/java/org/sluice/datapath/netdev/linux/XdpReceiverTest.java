package org.sluice.datapath.netdev.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevCounters;
import org.sluice.datapath.packet.PacketBatch;

/** Rings in ordinary memory, where the test is the kernel. */
class XdpReceiverTest {
  private static final int FRAME_BYTES = 4096;
  private static final int HEADROOM = 256;
  private static final int CONSUMER = 4;

  private final Arena arena = Arena.ofConfined();
  private final PacketBatch batch = new PacketBatch();
  private long fillMemory;
  private XdpRing received;
  private XdpRing fill;
  private XdpReceiver receiver;

  @BeforeEach
  void giveAllFramesToTheKernel() {
    fillMemory = memory(XdpRing.bytes(XdpRing.Kind.FILL));
    fill = new XdpRing(fillMemory, XdpRing.Kind.FILL);
    received = new XdpRing(memory(XdpRing.bytes(XdpRing.Kind.RECEIVE)), XdpRing.Kind.RECEIVE);
    long frames = memory((long) XdpRing.SIZE * FRAME_BYTES);
    receiver = new XdpReceiver(frames, FRAME_BYTES, received, fill, new NetdevCounters());
    for (int i = 0; i < XdpRing.SIZE; i++) {
      OffHeap.putLong(fill.free(), (long) i * FRAME_BYTES);
      fill.put();
    }
  }

  @AfterEach
  void free() {
    arena.close();
  }

  private long memory(long bytes) {
    return arena.allocate(bytes, FRAME_BYTES).address();
  }

  /** The kernel shows a frame that it has filled. */
  private void arrive(int frame, int bytes) {
    long entry = received.free();
    OffHeap.putLong(entry, (long) frame * FRAME_BYTES + HEADROOM);
    OffHeap.putInt(entry + 8, bytes);
    received.put();
  }

  /** The kernel shows that it has taken so many frames of the fill ring. */
  private void showTaken(int frames) {
    OffHeap.putInt(fillMemory + CONSUMER, OffHeap.getInt(fillMemory + CONSUMER) + frames);
  }

  @Test
  void shouldGiveFramesBackWhenTheyAreCopied() {
    showTaken(2);
    arrive(0, 60);
    arrive(1, 1514);
    assertEquals(2, receiver.receive(batch));
    assertEquals(60, batch.get(0).length);
    assertEquals(1514, batch.get(1).length);
    assertEquals(0, received.next());
    assertEquals(0, fill.free(), "the kernel has them all again");
  }

  @Test
  void shouldLeaveWhatArrivedWhereItIsUntilTheKernelShowsThatTheFillRingHasRoom() {
    arrive(0, 60);
    assertEquals(0, receiver.receive(batch));
    assertNotEquals(0, received.next());
    showTaken(1);
    assertEquals(1, receiver.receive(batch));
  }
}
