package org.sluice.datapath.netdev.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

class VirtioHeaderTest {
  private static final String ETHERNET = "020000000001" + "020000000002";
  private static final String TAG = "81000007";
  private static final String IPV4 = "4500002c0000400040060000" + "0a000001" + "0a000002";
  private static final String TCP =
      "0400005000000001000000005018ffff" + "0000" + "0000" + "61626364";

  private final PacketBatch batch = new PacketBatch();
  private final VirtioHeader header = new VirtioHeader();
  private final long memory = OffHeap.allocate(16, 8);

  private Packet packet(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    Packet packet = batch.append();
    packet.length = bytes.length;
    OffHeap.copyIn(bytes, 0, packet.address, bytes.length);
    return packet;
  }

  private void header(int flags, int type, int segmentBytes, int checksumOffset) {
    OffHeap.clear(memory, 16);
    OffHeap.putByte(memory, (byte) flags);
    OffHeap.putByte(memory + 1, (byte) type);
    OffHeap.putShort(memory + 4, (short) segmentBytes);
    OffHeap.putShort(memory + 8, (short) checksumOffset);
  }

  @Test
  void shouldFindOffsetsAnewWhenTagMovedHeaders() {
    Packet packet = packet(ETHERNET + TAG + "0800" + IPV4 + TCP);
    packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
    packet.segmentType = 1;
    packet.segmentBytes = 1448;
    assertTrue(header.write(memory, packet));
    assertEquals(1, OffHeap.getByte(memory));
    assertEquals(1, OffHeap.getByte(memory + 1));
    assertEquals(18 + 20 + 20, OffHeap.getShort(memory + 2), "headers");
    assertEquals(1448, OffHeap.getShort(memory + 4), "segment");
    assertEquals(18 + 20, OffHeap.getShort(memory + 6), "checksum from");
    assertEquals(16, OffHeap.getShort(memory + 8), "checksum to");
  }

  @Test
  void shouldWriteZeroesWhenNothingIsLeftToDo() {
    OffHeap.putLong(memory, -1);
    assertTrue(header.write(memory, packet(ETHERNET + "88b5" + "00".repeat(46))));
    assertEquals(0, OffHeap.getLong(memory));
  }

  @Test
  void shouldRefuseWhenTransportHeaderIsNotThere() {
    Packet packet = packet(ETHERNET + "88b5" + "00".repeat(46));
    packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
    assertFalse(header.write(memory, packet));
  }

  @Test
  void shouldFillChecksumWhenAskedTo() {
    Packet packet = packet(ETHERNET + "0800" + IPV4 + TCP);
    packet.offloadFlags = Packet.CHECKSUM_PARTIAL;
    header.completeChecksum(packet);
    Parser.parse(packet);
    assertEquals(0, packet.offloadFlags);
    assertTrue(Checksum.isTransportValid(packet));
  }

  @Test
  void shouldFillSctpChecksumWhenReceivedWithoutIt() {
    String ipv4 = IPV4.replace("4006", "4084");
    Packet packet = packet(ETHERNET + "0800" + ipv4 + "04000050" + "00".repeat(20));
    header(1, 0, 0, 8);
    header.read(memory, packet);
    Parser.parse(packet);
    assertEquals(0, packet.offloadFlags);
    assertTrue(Checksum.isTransportValid(packet));
  }

  @Test
  void shouldLeaveChecksumToEachPieceWhenSegmentArrivesVerified() {
    Packet packet = packet(ETHERNET + "0800" + IPV4 + TCP);
    header(2, 1, 1448, 0);
    header.read(memory, packet);
    assertEquals(Packet.CHECKSUM_PARTIAL, packet.offloadFlags);
    // Pseudo header: addresses, protocol 6, 24 bytes.
    int sum = 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 6 + 24;
    assertEquals(sum, OffHeap.getUnsignedShortBe(packet.address + 14 + 20 + 16));
  }
}
