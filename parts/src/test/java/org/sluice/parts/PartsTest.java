package org.sluice.parts;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.conntrack.CtState;
import org.sluice.datapath.packet.PacketBatch;

/** What is measured is what its name says: every packet is found, sound, translated. */
class PartsTest {
  private final PacketParts packets = new PacketParts();
  private final TrackingParts tracking = new TrackingParts();
  private final CreationParts creation = new CreationParts();
  private Runnable close = () -> {};

  @AfterEach
  void close() {
    close.run();
  }

  @Test
  void shouldParseAndFindEverythingSoundWhenFramesAreMadeUp() {
    packets.open();
    close = packets::close;
    assertEquals(PacketBatch.CAPACITY, packets.parse());
    assertEquals(PacketBatch.CAPACITY, packets.checksum());
  }

  @Test
  void shouldMoveEveryConnectionOnWhenItIsKnown() {
    tracking.open();
    close = tracking::close;
    for (int i = 0; i < 2; i++) {
      assertEquals(PacketBatch.CAPACITY, tracking.update());
      assertNotEquals(0, tracking.track());
    }
  }

  @Test
  void shouldTranslateEveryPacketWhenItsConnectionIs() {
    tracking.open();
    close = tracking::close;
    for (int i = 0; i < 2; i++) {
      assertEquals(0, tracking.nat() % PacketBatch.CAPACITY, "all states are the same");
      assertNotEquals(0, tracking.nat() / PacketBatch.CAPACITY & CtState.SOURCE_NAT);
    }
  }

  @Test
  void shouldMakeOneConnectionForEachPacketWhenTheTableIsEmpty() {
    creation.open();
    close = creation::close;
    creation.empty();
    assertEquals(CreationParts.CONNECTIONS, creation.create());
    creation.drop();
    creation.empty();
    assertEquals(CreationParts.CONNECTIONS, creation.createNat());
    creation.drop();
  }
}
