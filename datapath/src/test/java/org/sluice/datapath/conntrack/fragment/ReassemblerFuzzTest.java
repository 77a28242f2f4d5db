package org.sluice.datapath.conntrack.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.Seeds;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * Fragments of many datagrams at once, most of them honest, mixed, repeated, changed and lost: what
 * is counted as held is held, what is remembered is bounded, and what comes out is what went in.
 * {@code -DfuzzSeconds=N} goes on for longer.
 */
class ReassemblerFuzzTest {
  private static final int MIN_STEPS = 10_000;
  private static final int STEPS_PER_CHECK = 20;
  private static final int ETHERNET_BYTES = 14;
  private static final int MAX_WAITING = 200;

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  private final FragmentLimits limits = new FragmentLimits();
  private final Reassembler reassembler = new Reassembler(limits);
  private final PacketMaker maker = new PacketMaker();
  private final Packet packet = new PacketBatch().append();
  private final Packet whole = new PacketBatch().append();
  private final Packet part = new PacketBatch().append();
  private final List<byte[]> waiting = new ArrayList<>();
  private long nowMs = 1_000_000;
  private int completed;

  @Test
  void shouldHoldWhatMustHoldWhateverComes() {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("fuzzSeconds", 1));
    for (int step = 0; step < MIN_STEPS || System.nanoTime() - endNs < 0; step++) {
      try {
        step();
        if (step % STEPS_PER_CHECK == 0) {
          check();
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dseed=" + seed + " step " + step, e);
      }
    }
    reassembler.expire(Long.MAX_VALUE);
    assertEquals(0, limits.held(), "seed " + seed);
    assertEquals(List.of(), reassembler.describe(), "seed " + seed);
    assertTrue(completed > 20, completed + " completed, seed " + seed);
  }

  private void step() {
    int dice = random.nextInt(100);
    if (waiting.isEmpty() || (dice < 10 && waiting.size() < MAX_WAITING)) {
      waiting.addAll(fragments());
      Collections.shuffle(waiting, random);
    } else if (dice < 96) {
      send(waiting.remove(random.nextInt(waiting.size())));
    } else if (dice < 99) {
      nowMs += random.nextInt(random.nextInt(16) == 0 ? 20_000 : 500);
      reassembler.expire(nowMs);
    } else {
      boolean ipv6 = random.nextBoolean();
      limits.setMaxFragments(1 + random.nextInt(MAX_WAITING));
      limits.setMinBytes(ipv6, FragmentLimits.LEAST_MIN_BYTES + random.nextInt(100));
      limits.setEnabled(ipv6, random.nextInt(16) != 0);
    }
  }

  // --- What is sent.

  private List<byte[]> fragments() {
    boolean ipv6 = random.nextBoolean();
    String prefix = ipv6 ? "fd00::" : "10.0.0.";
    End from = new End(prefix + (1 + random.nextInt(2)), 1);
    End to = new End(prefix + 9, 2);
    String text = Character.toString('a' + random.nextInt(26)).repeat(random.nextInt(9000));
    byte[] frame = bytes(maker.udp(from, to, text));
    int size = 400 + random.nextInt(1000);
    List<byte[]> cut = FrameCutter.cut(frame, size, random.nextInt(50));
    if (!ipv6 && random.nextInt(3) == 0) {
      cut.set(0, FrameCutter.withOptions(cut.getFirst(), 4 * (1 + random.nextInt(10))));
    }
    return random.nextInt(3) == 0 ? spoilt(cut) : cut;
  }

  /** Some lost, some twice, some with other bytes, most often in their headers. */
  private List<byte[]> spoilt(List<byte[]> fragments) {
    List<byte[]> all = new ArrayList<>();
    for (byte[] fragment : fragments) {
      for (int copies = random.nextInt(4) - 1; copies >= 0; copies--) {
        byte[] copy = fragment.clone();
        int rest = copy.length - ETHERNET_BYTES;
        int at = ETHERNET_BYTES + random.nextInt(random.nextBoolean() ? Math.min(rest, 50) : rest);
        copy[at] ^= (byte) (random.nextInt(3) == 0 ? 1 << random.nextInt(8) : 0);
        all.add(copy);
      }
    }
    return all;
  }

  private static byte[] bytes(Packet packet) {
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    return frame;
  }

  // --- What becomes of it.

  private void send(byte[] fragment) {
    packet.reset();
    FrameCutter.load(fragment, packet);
    if (packet.fragment == 0) {
      return;
    }
    long before = limits.held();
    DropReason reason = reassembler.add(packet, random.nextInt(8) / 7, this, 7, nowMs);
    Datagram complete = reassembler.takeComplete();
    if (reason != null) {
      assertNull(complete);
      assertTrue(limits.held() <= before);
    } else if (complete != null) {
      checkWhole(complete, fragment);
    }
  }

  private void checkWhole(Datagram complete, byte[] last) {
    completed++;
    whole.reset();
    complete.writeTo(whole);
    assertEquals(0, whole.fragment, "still a fragment");
    assertNotEquals(Packet.ABSENT, whole.l3End);
    assertEquals(whole.length, whole.l3End);
    assertTrue(whole.etherType == 0x86dd || Checksum.isIpv4HeaderValid(whole));
    Fragment newest = complete.fragments().getLast();
    for (Fragment fragment : complete.fragments()) {
      part.reset();
      fragment.restore(part);
      byte[] arrived = bytes(part);
      assertTrue(complete.handOver(whole, fragment, part));
      assertArrayEquals(arrived, bytes(part), "not the part that it came with");
    }
    part.reset();
    newest.restore(part);
    assertArrayEquals(last, bytes(part), "the fragment that completed it");
  }

  private void check() {
    List<String> lines = reassembler.describe();
    int held = 0;
    int refused = 0;
    for (String line : lines) {
      String count = line.substring(line.indexOf("num_fragments=") + 14, line.indexOf(",state="));
      int fragments = Integer.parseInt(count);
      boolean isRefused = line.endsWith("state=reassemble fail)");
      assertEquals(isRefused, fragments == 0, line);
      held += fragments;
      refused += isRefused ? 1 : 0;
    }
    assertEquals(held, limits.held());
    assertTrue(refused <= MAX_WAITING, refused + " forgeries are remembered");
  }
}
