package org.sluice.datapath.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;

class ChecksumTest {
  @Test
  void shouldComputeKnownChecksumWhenHeaderIsFromTheBooks() {
    byte[] header = Frames.hex("45000073000040004011 b861 c0a80001c0a800c7");
    Packet packet = Frames.packet(header);
    assertEquals(0xb861, Checksum.ofIpv4Header(packet.address, 20));
    assertEquals(0xffff, Checksum.fold(Checksum.sum(packet.address, 20)));
  }

  @Test
  void shouldAgreeWithPlainSumsWhenDataIsRandom() {
    long seed = Frames.seed();
    Random random = new Random(seed);
    Packet packet = Frames.packet(new byte[300]);
    for (int i = 0; i < 2_000; i++) {
      byte[] data = new byte[random.nextInt(300)];
      random.nextBytes(data);
      Frames.load(packet, data);
      String note = "seed " + seed;
      assertEquals(plainSum(data), Checksum.fold(Checksum.sum(packet.address, data.length)), note);
      CRC32C crc = new CRC32C();
      crc.update(data);
      int actual = ~Crc32c.update(-1, packet.address, data.length);
      assertEquals((int) crc.getValue(), actual, note);
    }
  }

  @Test
  void shouldUpdateAsIfComputedAnewWhenWordsChange() {
    long seed = Frames.seed();
    Random random = new Random(seed);
    Packet packet = Frames.packet(new byte[40]);
    for (int i = 0; i < 2_000; i++) {
      byte[] data = new byte[40];
      random.nextBytes(data);
      Frames.load(packet, data);
      int before = ~Checksum.fold(Checksum.sum(packet.address, 40)) & 0xffff;
      long old = OffHeap.getLongBe(packet.address + 8);
      long changed = random.nextLong();
      OffHeap.putLongBe(packet.address + 8, changed);
      int after = ~Checksum.fold(Checksum.sum(packet.address, 40)) & 0xffff;
      assertEquals(after, Checksum.update(before, old, changed), "seed " + seed);
    }
  }

  @Test
  void shouldBeValidOnceFilledAndNotWhenAnyByteChanges() {
    for (byte[] frame : Frames.everyShape()) {
      Packet packet = Frames.packet(frame);
      Parser.parse(packet);
      if (packet.l4Offset == Packet.ABSENT || packet.fragment != 0) {
        continue;
      }
      Checksum.fillTransport(packet);
      assertTrue(Checksum.isTransportValid(packet));
      boolean checked = List.of(1, 6, 17, 58, 132).contains(packet.ipProtocol);
      byte last = OffHeap.getByte(packet.address + packet.l3End - 1);
      long end = packet.address + packet.l3End - 1;
      OffHeap.putByte(end, (byte) (last ^ 1));
      assertEquals(!checked, Checksum.isTransportValid(packet));
    }
  }

  @Test
  void shouldNotLookWhenTheDeviceHasOrTheSenderLeftIt() {
    Packet packet =
        Frames.packet(Frames.ethernet("0800", Frames.ipv4(6, 0, Frames.tcp(new byte[3]))));
    Parser.parse(packet);
    assertFalse(Checksum.isTransportValid(packet));
    packet.offloadFlags = Packet.CHECKSUM_VERIFIED;
    assertTrue(Checksum.isTransportValid(packet));
    packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
    assertTrue(Checksum.isTransportValid(packet));
    Checksum.fillTransport(packet);
    assertEquals(0, packet.offloadFlags);
    assertTrue(Checksum.isTransportValid(packet));
  }

  private static int plainSum(byte[] data) {
    int sum = 0;
    for (int i = 0; i < data.length; i++) {
      sum += (data[i] & 255) << (i % 2 == 0 ? 8 : 0);
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
  }
}
