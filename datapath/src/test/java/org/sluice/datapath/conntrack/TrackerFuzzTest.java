package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.TrackRequest.MarkAndLabel;
import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.conntrack.protocol.Timer;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/**
 * A tracker that meets anything, beside a twin that sees the same frames between other bytes and
 * never takes the fast way: both must say and do the same, and after each step what must always
 * hold of a tracked packet holds; of the table, now and then. {@code -DfuzzSeconds=N} goes on for
 * longer.
 */
class TrackerFuzzTest {
  private static final int MIN_STEPS = 20_000;
  private static final int STEPS_PER_CHECK = 100;
  private static final int[] ZONES = {0, 1, 2, 65_535};
  private static final int AROUND_BYTES = 256;

  /** A tracker, and the one packet that it looks at. */
  private static final class World {
    final Conntrack conntrack;
    final Tracker tracker;
    final Packet packet = new PacketBatch().append();
    final byte around;

    World(long salt, int around) {
      this.conntrack = new Conntrack(salt);
      this.tracker = conntrack.newTracker();
      this.around = (byte) around;
    }

    void load(byte[] frame) {
      packet.reset();
      for (int i = -AROUND_BYTES; i < frame.length + AROUND_BYTES; i++) {
        OffHeap.putByte(packet.address + i, around);
      }
      OffHeap.copyIn(frame, 0, packet.address, frame.length);
      packet.length = frame.length;
      Parser.parse(packet);
    }

    byte[] frame() {
      byte[] bytes = new byte[packet.length];
      OffHeap.copyOut(packet.address, bytes, 0, bytes.length);
      return bytes;
    }
  }

  /** What identifies the packets that a microflow stands for. */
  private record Microflow(String tuple, TrackRequest request) {}

  /** What tracking said of one of them. */
  private record Found(long connection, int ctState, int ctMark) {}

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  private final World quick = new World(seed | 1, 0x00);
  private final World slow = new World(seed | 1, 0xff);
  private final FuzzPackets packets = new FuzzPackets(random);
  private final Map<Microflow, Found> microflows = new HashMap<>();
  private final Map<String, TrackRequest> usual = new HashMap<>();
  private final Set<DropReason> reasons = EnumSet.noneOf(DropReason.class);
  private long nowMs = 1_000_000;
  private int fast;
  private int translated;
  private int answered;

  private void both(Consumer<Conntrack> change) {
    change.accept(quick.conntrack);
    change.accept(slow.conntrack);
  }

  @Test
  void shouldHoldWhatMustHoldWhateverComes() {
    long endNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("fuzzSeconds", 1));
    both(each -> each.limits().setMaxConnections(300));
    for (int step = 0; step < MIN_STEPS || System.nanoTime() - endNs < 0; step++) {
      try {
        step();
        if (step % STEPS_PER_CHECK == 0) {
          checkTables();
        }
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("-Dseed=" + seed + " step " + step, e);
      }
    }
    both(Conntrack::flush);
    assertTrue(quick.conntrack.table().isConsistent(0), "seed " + seed);
    assertEquals(0, quick.conntrack.portPools().count(), "seed " + seed);
    String seen = fast + " fast, " + translated + " translated, " + answered + " answered";
    assertTrue(fast > 100 && translated > 100 && answered > 100, seen + ", seed " + seed);
    assertTrue(reasons.size() >= 10, reasons + ", seed " + seed);
  }

  private void step() {
    int dice = random.nextInt(1000);
    if (dice < 980) {
      meet(packets.next(), request());
    } else if (dice < 992) {
      nowMs += random.nextInt(random.nextInt(4) == 0 ? 100_000 : 2_000);
    } else if (dice < 995) {
      both(each -> each.sweep(nowMs, Integer.MAX_VALUE));
    } else {
      changeSettings();
    }
  }

  private void changeSettings() {
    int zone = ZONES[random.nextInt(ZONES.length)];
    boolean isSet = random.nextBoolean();
    int number = random.nextInt(200);
    switch (random.nextInt(8)) {
      case 0 -> both(each -> each.flushZone(zone));
      case 1 -> both(each -> each.zones().setLiberal(zone, isSet));
      case 2 -> both(each -> each.zones().setPicksUp(zone, isSet));
      case 3 -> both(each -> each.limits().setZoneLimit(zone, isSet ? number : -1));
      case 4 -> both(each -> each.setDropsEarly(isSet));
      case 5 -> both(each -> each.setChecksTcpWindow(isSet));
      case 6 -> {
        Map<Timer, Integer> timeouts = Map.of(Timer.values()[number % 12], 1 + number);
        both(each -> each.timeouts().setZone(zone, isSet ? timeouts : Map.of()));
      }
      default -> both(each -> each.flush(connection -> connection.mark() == 1));
    }
  }

  // --- Requests.

  private TrackRequest request() {
    boolean commits = random.nextInt(4) != 0;
    MarkAndLabel set =
        random.nextInt(5) == 0
            ? new MarkAndLabel(random.nextInt(3), 3, 0, random.nextInt(3), 0, 3)
            : MarkAndLabel.NONE;
    return new TrackRequest(
        commits,
        commits && random.nextInt(20) == 0,
        ZONES[random.nextInt(ZONES.length)],
        commits ? set : MarkAndLabel.NONE,
        Gateway.NONE,
        random.nextInt(3) == 0 ? null : NatRange.EXISTING);
  }

  /** The request with a range of the packet's family in the place of what connections say. */
  private TrackRequest inFamily(TrackRequest request, Packet packet) {
    if (request.nat() == null || !request.commit() || random.nextInt(4) == 0) {
      return request;
    }
    return new TrackRequest(
        true, request.force(), request.zone(), request.set(), Gateway.NONE, range(packet));
  }

  private NatRange range(Packet packet) {
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    boolean source = random.nextInt(3) != 0;
    boolean keepsAddress = random.nextInt(6) == 0;
    long high = keepsAddress || !ipv6 ? 0 : 0xfd00_0000_0000_0000L;
    long low = keepsAddress ? 0 : (ipv6 ? 0 : 0x0a00_0000L) + (source ? 1 : 5) + 20;
    int port = random.nextBoolean() ? 0 : 79 + random.nextInt(3);
    return new NatRange(
        source,
        !source,
        high,
        low,
        high,
        low + (keepsAddress ? 0 : random.nextInt(2)),
        port,
        port == 0 ? 0 : port + random.nextInt(4),
        random.nextBoolean(),
        random.nextBoolean());
  }

  // --- A frame.

  private void meet(byte[] frame, TrackRequest wanted) {
    load(frame);
    String tuple = tuple(quick.packet);
    TrackRequest fresh = inFamily(wanted, quick.packet);
    TrackRequest request = random.nextInt(4) == 0 ? fresh : usual.getOrDefault(tuple, fresh);
    usual.put(tuple, request);
    boolean wasSound = isSound(quick.packet);
    Microflow microflow = new Microflow(tuple, request);
    boolean isFast = isFast(microflow);
    DropReason reason = slow.tracker.track(slow.packet, request, nowMs);
    if (reason != null) {
      reasons.add(reason);
    }
    if (isFast) {
      assertNull(reason);
      assertArrayEquals(slow.frame(), quick.frame(), "the fast way wrote something else");
      assertEquals(microflows.get(microflow), found(slow.packet));
      fast++;
      packets.remember(slow.packet);
      return;
    }
    assertEquals(reason, quick.tracker.track(quick.packet, request, nowMs));
    assertTwins();
    checkPacket(frame, wasSound, request, reason);
    if (reason != null) {
      return;
    }
    packets.remember(quick.packet);
    if (quick.packet.connection != 0) {
      microflows.put(microflow, found(quick.packet));
      checkAnswer(frame, request);
    }
  }

  private void load(byte[] frame) {
    quick.load(frame);
    slow.load(frame);
  }

  private static Found found(Packet packet) {
    return new Found(packet.connection, packet.ctState, packet.ctMark);
  }

  private boolean isFast(Microflow microflow) {
    Found found = microflows.get(microflow);
    boolean isEligible =
        found != null && quick.packet.fragment == 0 && quick.packet.l4Offset != Packet.ABSENT;
    return isEligible
        && quick.tracker.fastUpdate(
            found.connection(),
            quick.packet,
            microflow.request().nat() != null,
            found.ctState(),
            nowMs);
  }

  private void assertTwins() {
    Packet one = quick.packet;
    Packet other = slow.packet;
    assertEquals(found(other), found(one));
    assertEquals(other.ctZone, one.ctZone);
    assertEquals(other.ctLabelLo, one.ctLabelLo);
    assertEquals(other.ctSrcLo, one.ctSrcLo);
    assertEquals(other.ctDstLo, one.ctDstLo);
    assertEquals(other.ctSrcPort, one.ctSrcPort);
    assertArrayEquals(slow.frame(), quick.frame(), "bytes beyond the frame matter");
  }

  /** What holds of every tracked packet. */
  private void checkPacket(
      byte[] before, boolean wasSound, TrackRequest request, DropReason reason) {
    Packet packet = quick.packet;
    int state = packet.ctState;
    assertTrue((state & CtState.TRACKED) != 0);
    assertEquals(request.zone(), packet.ctZone);
    boolean isInvalid = (state & CtState.INVALID) != 0;
    boolean isDropped = reason != null && reason.isFinal();
    assertEquals(reason != null && !isDropped, isInvalid, CtState.text(state));
    int kinds = state & (CtState.NEW | CtState.ESTABLISHED);
    assertNotEquals(CtState.NEW | CtState.ESTABLISHED, kinds, "both new and established");
    assertTrue(isInvalid || kinds != 0 || (state & CtState.RELATED) != 0, CtState.text(state));
    assertTrue(!isInvalid || kinds == 0, CtState.text(state));
    if (isInvalid || isDropped || request.nat() == null) {
      assertArrayEquals(before, quick.frame(), "changed for no reason");
      return;
    }
    translated += (state & CtState.TRANSLATED) == 0 ? 0 : 1;
    assertTrue(!wasSound || isSound(packet), () -> "checksum" + hex(before) + hex(quick.frame()));
  }

  private static boolean isSound(Packet packet) {
    return packet.payloadOffset != Packet.ABSENT
        && (packet.etherType != EtherType.IPV4 || Checksum.isIpv4HeaderValid(packet))
        && Checksum.isTransportValid(packet);
  }

  /** The answer to what was let through is let through, and comes back to where it was asked. */
  private void checkAnswer(byte[] asked, TrackRequest request) {
    boolean isReply = (quick.packet.ctState & CtState.REPLY) != 0;
    boolean isNew = (quick.packet.ctState & CtState.NEW) != 0;
    String went = tuple(quick.packet) + " " + CtState.text(quick.packet.ctState);
    byte[] sent = quick.frame();
    if (random.nextInt(4) != 0 || request.nat() == null || isSelf(asked) || isSelf(sent)) {
      return;
    }
    byte[] answer = packets.answer(sent);
    load(answer);
    boolean wasSound = isSound(quick.packet);
    TrackRequest back = TrackRequest.translate(request.zone());
    DropReason reason = slow.tracker.track(slow.packet, back, nowMs);
    assertEquals(reason, quick.tracker.track(quick.packet, back, nowMs));
    assertTwins();
    checkPacket(answer, wasSound, back, reason);
    if (reason == null && (quick.packet.ctState & CtState.ESTABLISHED) != 0) {
      String came = tuple(quick.packet) + " " + CtState.text(quick.packet.ctState);
      String story = "went as " + went + ", answer came as " + came;
      // A SYN against one of the other side is new, whichever direction it goes.
      if (!isNew || quick.packet.ipProtocol != IpProtocol.TCP) {
        assertEquals(!isReply, (quick.packet.ctState & CtState.REPLY) != 0, story);
      }
      load(packets.answer(quick.frame()));
      String home = tuple(quick.packet);
      load(asked);
      assertEquals(tuple(quick.packet), home, story);
      answered++;
    }
  }

  /** Whether both ends are the same, so that there is no direction. */
  private boolean isSelf(byte[] frame) {
    load(packets.answer(frame.clone()));
    String turned = tuple(quick.packet);
    load(frame);
    return turned.equals(tuple(quick.packet));
  }

  /** Addresses and ports as they stand in a packet. */
  private static String tuple(Packet packet) {
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    if (packet.payloadOffset == Packet.ABSENT) {
      return "none";
    }
    StringBuilder text = new StringBuilder().append(packet.ipProtocol);
    int from = packet.l3Offset + (ipv6 ? 8 : 12);
    append(text, packet, from, ipv6 ? 32 : 8);
    if (packet.l4Offset != Packet.ABSENT && IpProtocol.isTrackedByPorts(packet.ipProtocol)) {
      append(text, packet, packet.l4Offset, 4);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, Packet packet, int offset, int bytes) {
    for (int i = 0; i < bytes; i++) {
      text.append(i == 0 ? ' ' : '.').append(OffHeap.getUnsignedByte(packet.address + offset + i));
    }
  }

  // --- The tables.

  private void checkTables() {
    for (World world : List.of(quick, slow)) {
      Conntrack conntrack = world.conntrack;
      assertTrue(conntrack.table().isConsistent(conntrack.portPools().count()), "inconsistent");
      assertEquals(conntrack.limits().count(), conntrack.counts().now().total());
    }
    List<ConnectionSnapshot> connections = connections(quick);
    assertEquals(connections(slow), connections);
    Map<String, ConnectionSnapshot> byTuple = new HashMap<>();
    for (ConnectionSnapshot each : connections) {
      for (ConnectionTuple tuple : List.of(each.original(), each.reply())) {
        ConnectionSnapshot other = byTuple.put(each.zone() + " " + tuple, each);
        assertTrue(
            other == null || other.equals(each), () -> "collide: " + line(other) + line(each));
      }
    }
    both(each -> each.sweep(nowMs, Integer.MAX_VALUE));
    assertTrue(quick.conntrack.limits().count() >= connections.size());
  }

  private static String hex(byte[] frame) {
    return "\n" + HexFormat.of().formatHex(frame);
  }

  private static String line(ConnectionSnapshot connection) {
    return "\n" + ConnectionText.line(connection, true, true);
  }

  private List<ConnectionSnapshot> connections(World world) {
    List<ConnectionSnapshot> all = new ArrayList<>();
    world.conntrack.visit(nowMs, all::add);
    return all;
  }
}
