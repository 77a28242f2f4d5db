package org.sluice.datapath.datapath;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.packet.PacketBatch;

/** How often a device is asked that has nothing. */
final class PolledPortTest {
  private static final byte[] FRAME = new byte[60];

  @AutoClose private final PacketBatch batch = new PacketBatch();
  private int asked;

  private final class AskedNetdev extends QueueNetdev {
    private final boolean isCostly;

    AskedNetdev(boolean isCostly) {
      super("p1");
      this.isCostly = isCostly;
    }

    @Override
    public boolean isCostlyToAsk() {
      return isCostly;
    }

    @Override
    public synchronized int receive(PacketBatch into) {
      asked++;
      return super.receive(into);
    }
  }

  private int receive(PolledPort port, int rounds) {
    int received = 0;
    for (int i = 0; i < rounds; i++) {
      batch.clear();
      received += port.receive(batch);
    }
    return received;
  }

  private static PolledPort port(QueueNetdev device) {
    return new PolledPort(new Port(1, device, null), 0, 0);
  }

  @Test
  void shouldAskASilentDeviceSeldomWhereAskingIsCostly() {
    PolledPort port = port(new AskedNetdev(true));
    receive(port, 1_600);
    assertEquals(103, asked, "four times, then one round in sixteen");
  }

  @Test
  void shouldAskInEveryRoundWhereItCostsNothing() {
    PolledPort port = port(new AskedNetdev(false));
    receive(port, 100);
    assertEquals(100, asked);
  }

  @Test
  void shouldAskAtOnceWhenPacketsAreExpected() {
    AskedNetdev device = new AskedNetdev(true);
    PolledPort port = port(device);
    receive(port, 5);
    device.arrive(FRAME);
    assertEquals(0, receive(port, 1));
    port.expect();
    assertEquals(1, receive(port, 1));
    device.arrive(FRAME);
    assertEquals(1, receive(port, 1), "who has sent is asked in every round");
  }

  @Test
  void shouldFindThePacketOfASilentDeviceWithinSixteenRounds() {
    AskedNetdev device = new AskedNetdev(true);
    PolledPort port = port(device);
    receive(port, 100);
    device.arrive(FRAME);
    assertEquals(1, receive(port, 16));
  }
}
