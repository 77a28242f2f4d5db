package org.sluice.datapath.netdev.dummy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.PacketBatch;

class DummyNetdevTest {
  private final DummyNetdev device = new DummyNetdev("p1", 0xaa55_aa55_0001L);
  private final PacketBatch batch = new PacketBatch();

  @Test
  void shouldKeepOrderWhenFramesPassThrough() {
    int[] wakeUps = new int[1];
    device.setWakeUp(() -> wakeUps[0]++);
    for (int i = 0; i < 40; i++) {
      assertTrue(device.inject(new byte[] {(byte) i, 1, 2}));
    }
    assertEquals(40, wakeUps[0]);
    assertEquals(32, device.receive(batch));
    assertEquals(0, device.receive(batch), "the batch is full");
    for (int i = 0; i < 32; i++) {
      device.transmit(batch.get(i));
    }
    device.flush();
    assertArrayEquals(new byte[] {0, 1, 2}, device.takeSent());
    assertArrayEquals(new byte[] {1, 1, 2}, device.takeSent());
    assertEquals(32, device.statistics().txPackets());
    assertEquals(96, device.statistics().rxBytes());
  }

  @Test
  void shouldCarryNothingWhenDownOrFrameIsTooLong() {
    device.setMtu(100);
    device.inject(new byte[119]);
    device.receive(batch);
    device.transmit(batch.get(0));
    assertNull(device.takeSent());
    device.setAdminUp(false);
    assertFalse(device.inject(new byte[10]));
    batch.get(0).length = 50;
    device.transmit(batch.get(0));
    assertNull(device.takeSent());
    assertEquals(0, device.statistics().txPackets());
    assertEquals(-1, device.statistics().txDropped(), "not counted");
  }

  @Test
  void shouldCountWhenFramesAreSwallowed() {
    NullNetdev sink = new NullNetdev("null0", 2);
    device.inject(new byte[60]);
    device.receive(batch);
    sink.transmit(batch.get(0));
    assertEquals(60, sink.statistics().txBytes());
    assertEquals(0, sink.receive(batch));
  }
}
