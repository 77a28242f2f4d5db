package org.sluice.datapath.conntrack.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.PacketMaker.Segment;
import org.sluice.datapath.conntrack.Seeds;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Packet;

/** The history against a list of whole segments. */
class TcpHistoryTest {
  private static final List<End> CLIENTS =
      List.of(new End("10.0.0.1", 1234), new End("2001:db8::1", 1234));
  private static final List<End> SERVERS =
      List.of(new End("10.0.0.2", 80), new End("2001:db8::2", 80));

  private final PacketMaker maker = new PacketMaker();
  private final long record = OffHeap.allocate(ConnectionRecord.BYTES, 64);
  private final long[] peers = {
    record + ConnectionRecord.ORIGINAL_PEER, record + ConnectionRecord.REPLY_PEER
  };
  private final List<Deque<Sent>> sent = List.of(new ArrayDeque<>(), new ArrayDeque<>());
  private int refused;

  /** A remembered segment; {@code payload} is null where it was too large to be summed. */
  private static final class Sent {
    final int sequence;
    final byte[] payload;

    Sent(int sequence, byte[] payload) {
      this.sequence = sequence;
      this.payload = payload;
    }

    int sum() {
      return payload == null ? 0 : TcpHistoryTest.sum(payload);
    }

    int bytes() {
      return payload == null ? 0 : payload.length;
    }
  }

  /** The sum as a remainder, word by word. */
  private static int sum(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      sum += (bytes[i] & 0xffL) << (i % 2 == 0 ? 8 : 0);
    }
    return (int) (sum % 0xffff);
  }

  @Test
  void shouldRememberWhatAListWouldWhenSegmentsAreRandom() {
    long seed = Seeds.next();
    Random random = new Random(seed);
    for (int conversation = 0; conversation < 200; conversation++) {
      start(random);
      for (int i = 0; i < 40; i++) {
        step(random, "seed " + seed);
      }
    }
    assertTrue(refused > 100, "only " + refused + " refused, seed " + seed);
  }

  private void start(Random random) {
    for (int direction = 0; direction < 2; direction++) {
      sent.get(direction).clear();
      TcpPeer.putHistory(peers[direction], 0);
      TcpPeer.putLow(peers[direction], random.nextInt());
    }
  }

  private void step(Random random, String seed) {
    int direction = random.nextInt(2);
    int low = TcpPeer.low(peers[direction]);
    int back = random.nextInt(3) == 0 ? random.nextInt(64) : 0;
    byte[] payload = payload(random);
    int sequence = low - back;
    Packet packet = packet(random, direction, sequence, payload);
    boolean isSummed = packet.offloadFlags == 0 || payload.length <= TcpHistory.MAX_SUMMED_BYTES;
    boolean expected = isAdmitted(direction, sequence, payload, isSummed);
    assertEquals(expected, TcpHistory.admit(record, packet, direction, payload.length), seed);
    if (!expected) {
      refused++;
    } else if (sequence + payload.length - low > 0) {
      TcpPeer.putLow(peers[direction], sequence + payload.length);
    }
    assertSame(direction, seed);
  }

  /** Often short, often of few different bytes, so that they agree now and then. */
  private static byte[] payload(Random random) {
    int bytes = random.nextInt(20) == 0 ? 1500 + random.nextInt(200) : random.nextInt(24);
    byte[] payload = new byte[bytes];
    switch (random.nextInt(4)) {
      case 0 -> random.nextBytes(payload);
      case 1 -> Arrays.fill(payload, (byte) 0xff);
      default -> Arrays.fill(payload, (byte) 0);
    }
    return payload;
  }

  private Packet packet(Random random, int direction, int sequence, byte[] payload) {
    int family = random.nextInt(2);
    int scale = random.nextInt(3) - 1;
    Segment segment = new Segment(PacketMaker.ACK, sequence, random.nextInt(), 65535, scale);
    End client = CLIENTS.get(family);
    End server = SERVERS.get(family);
    Packet packet =
        direction == 0
            ? maker.tcp(client, server, segment, payload)
            : maker.tcp(server, client, segment, payload);
    packet.offloadFlags = random.nextInt(3);
    if (packet.offloadFlags != 0) {
      OffHeap.putShortBe(packet.address + packet.l4Offset + 16, random.nextInt());
    }
    return packet;
  }

  private boolean isAdmitted(int direction, int sequence, byte[] payload, boolean isSummed) {
    if (payload.length <= 1) {
      return true;
    }
    int low = TcpPeer.low(peers[direction]);
    Deque<Sent> before = sent.get(direction);
    boolean isOld = sequence - low < 0;
    boolean isTouching = false;
    for (Sent old : before) {
      int offset = old.sequence - sequence;
      boolean isInside = offset >= 0 && offset + old.bytes() <= payload.length;
      if (isOld && old.payload != null && isInside) {
        byte[] part = Arrays.copyOfRange(payload, offset, offset + old.bytes());
        if (sum(part) != old.sum()) {
          return false;
        }
      }
      isTouching |= offset < payload.length && offset + old.bytes() > 0;
    }
    if (!isOld || !isTouching || sequence + payload.length - low > 0) {
      before.addLast(new Sent(sequence, isSummed ? payload : null));
    }
    if (before.size() > TcpHistory.SEGMENTS) {
      before.removeFirst();
    }
    return true;
  }

  /** The ring and the list hold the same, wherever the ring begins. */
  private void assertSame(int direction, String seed) {
    Deque<Sent> list = sent.get(direction);
    int count = TcpHistory.count(record, direction);
    assertEquals(list.size(), count, seed);
    int first = TcpPeer.history(peers[direction]) % TcpHistory.SEGMENTS;
    int i = count < TcpHistory.SEGMENTS ? 0 : first;
    for (Sent old : list) {
      long entry = TcpHistory.entry(record, direction, i % TcpHistory.SEGMENTS);
      assertEquals(old.sequence, TcpHistory.sequence(entry), seed);
      assertEquals(old.bytes(), TcpHistory.bytes(entry), seed);
      assertEquals(old.sum(), TcpHistory.sum(entry), seed);
      i++;
    }
  }
}
