package org.sluice.datapath.conntrack.fragment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.PacketMaker;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.conntrack.Seeds;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** Datagrams cut up at random and put together again. */
class ReassemblerTest {
  private static final int ETHERNET_AND_IPV6_BYTES = 14 + 40;

  private final long seed = Seeds.next();
  private final Random random = new Random(seed);
  private final FragmentLimits limits = new FragmentLimits();
  private final Reassembler reassembler = new Reassembler(limits);
  private final PacketMaker maker = new PacketMaker();
  private final PacketBatch batch = new PacketBatch();

  private static End end(boolean ipv6, int host) {
    return new End((ipv6 ? "fd00::" : "10.0.0.") + host, 1000 + host);
  }

  private byte[] datagram(boolean ipv6, int bytes) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < bytes; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return bytes(maker.udp(end(ipv6, 1), end(ipv6, 2), text.toString()));
  }

  private static byte[] bytes(Packet packet) {
    return bytes(packet, 0, packet.length);
  }

  private static byte[] bytes(Packet packet, int offset, int count) {
    byte[] bytes = new byte[count];
    OffHeap.copyOut(packet.address + offset, bytes, 0, count);
    return bytes;
  }

  /** Gives each fragment to the reassembler; the last answer. */
  private DropReason send(List<byte[]> fragments, long nowMs) {
    DropReason reason = null;
    for (byte[] fragment : fragments) {
      batch.clear();
      reason = reassembler.add(FrameCutter.load(fragment, batch.append()), 1, this, 7, nowMs);
    }
    return reason;
  }

  @Test
  void shouldPutTogetherWhatWasCutAtRandom() {
    limits.setMinBytes(false, FragmentLimits.LEAST_MIN_BYTES);
    limits.setMinBytes(true, FragmentLimits.LEAST_MIN_BYTES);
    for (int i = 0; i < 300; i++) {
      boolean ipv6 = random.nextBoolean();
      byte[] whole = datagram(ipv6, 1000 + random.nextInt(8000));
      List<byte[]> fragments = FrameCutter.cut(whole, 400 + random.nextInt(600), ipv6 ? i : 0);
      Collections.shuffle(fragments, random);
      assertNull(send(fragments, i), "seed " + seed);
      Datagram complete = reassembler.takeComplete();
      assertNotNull(complete, "seed " + seed);
      batch.clear();
      Packet packet = batch.append();
      complete.writeTo(packet);
      assertTrue(Checksum.isTransportValid(packet), "seed " + seed);
      assertArrayEquals(whole, bytes(packet), "seed " + seed);
      for (int part = 0; part < fragments.size(); part++) {
        complete.fragments().get(part).restore(packet);
        assertArrayEquals(fragments.get(part), bytes(packet), "seed " + seed);
      }
      assertEquals(0, limits.held(), "seed " + seed);
    }
  }

  @Test
  void shouldRefuseADatagramWhoseFragmentsOverlap() {
    for (boolean ipv6 : new boolean[] {false, true}) {
      List<byte[]> fragments = FrameCutter.cut(datagram(ipv6, 4000), 1400, 5);
      List<byte[]> shifted = FrameCutter.cut(datagram(ipv6, 4000), 1408, 5);
      assertNull(send(fragments.subList(0, 1), 0));
      assertEquals(DropReason.CT_FRAGMENT_OVERLAP, send(shifted.subList(0, 1), 0));
      assertEquals(DropReason.CT_FRAGMENT_OVERLAP, send(fragments.subList(1, 3), 0));
      assertNull(reassembler.takeComplete());
      assertEquals(1, limits.count(ipv6, FragmentLimits.Event.OVERLAPPED));
      assertEquals(0, limits.held());
    }
  }

  /** Networks duplicate packets; RFC 8200 has the copies of fragments thrown away alone. */
  @Test
  void shouldDropACopyOfAFragmentAndGoOnWithItsDatagram() {
    for (boolean ipv6 : new boolean[] {false, true}) {
      List<byte[]> fragments = FrameCutter.cut(datagram(ipv6, 4000), 1400, 5);
      for (byte[] fragment : fragments.subList(0, 2)) {
        assertNull(send(List.of(fragment), 0));
        assertEquals(DropReason.CT_FRAGMENT_REPEATED, send(List.of(fragment), 0));
      }
      assertNull(send(fragments.subList(2, 3), 0));
      assertEquals(3, reassembler.takeComplete().fragments().size());
      assertEquals(2, limits.count(ipv6, FragmentLimits.Event.OVERLAPPED));
      assertEquals(0, limits.held());
    }
  }

  @Test
  void shouldRefuseADatagramWhoseFragmentsSayDifferentThings() {
    List<byte[]> fragments = FrameCutter.cut(datagram(false, 4000), 1400, 5);
    byte[] other = fragments.getFirst().clone();
    other[other.length - 1]++;
    assertNull(send(fragments.subList(0, 1), 0));
    assertEquals(DropReason.CT_FRAGMENT_OVERLAP, send(List.of(other), 0));
    assertEquals(0, limits.held());
  }

  @Test
  void shouldHoldALastFragmentWithoutPayload() {
    List<byte[]> fragments = new ArrayList<>(FrameCutter.cut(datagram(false, 2792), 1400, 5));
    assertEquals(2, fragments.size());
    fragments.set(1, FrameCutter.continued(fragments.get(1)));
    byte[] empty = FrameCutter.emptyLast(fragments.get(1), 2800);
    assertNull(send(List.of(empty), 0));
    assertEquals(1, limits.held());
    assertEquals(DropReason.CT_FRAGMENT_REPEATED, send(List.of(empty), 10_000));
    assertNull(send(fragments, 10_000));
    Datagram complete = reassembler.takeComplete();
    Packet whole = new PacketBatch().append();
    complete.writeTo(whole);
    assertTrue(Checksum.isTransportValid(whole));
    Packet part = new PacketBatch().append();
    complete.fragments().getFirst().restore(part);
    assertTrue(complete.handOver(whole, complete.fragments().getFirst(), part));
    assertArrayEquals(empty, bytes(part));
  }

  @Test
  void shouldRefuseALastFragmentWithoutPayloadInTheMiddleOfAnother() {
    List<byte[]> fragments = FrameCutter.cut(datagram(false, 4000), 1400, 5);
    byte[] empty = FrameCutter.emptyLast(fragments.get(1), 800);
    assertNull(send(fragments.subList(0, 1), 0));
    assertEquals(DropReason.CT_FRAGMENT_OVERLAP, send(List.of(empty), 0));
  }

  @Test
  void shouldRefuseFragmentsBehindTheEnd() {
    List<byte[]> longer = FrameCutter.cut(datagram(false, 6000), 1400, 5);
    List<byte[]> shorter = FrameCutter.cut(datagram(false, 2000), 1400, 5);
    assertNull(send(longer.subList(2, 3), 0));
    assertEquals(DropReason.CT_FRAGMENT_OVERLAP, send(shorter.subList(1, 2), 0));
  }

  @Test
  void shouldRefuseShortFragmentsUnlessTheyAreTheLast() {
    List<byte[]> fragments = FrameCutter.cut(datagram(false, 1300), 400, 5);
    assertEquals(DropReason.CT_FRAGMENT_SMALL, send(fragments.subList(0, 1), 0));
    assertNull(send(fragments.subList(fragments.size() - 1, fragments.size()), 0));
    assertEquals(1, limits.count(false, FragmentLimits.Event.TOO_SMALL));
  }

  @Test
  void shouldForgetADatagramWhenItsTimeIsOver() {
    List<byte[]> fragments = FrameCutter.cut(datagram(false, 4000), 1400, 5);
    send(fragments.subList(0, 2), 0);
    assertEquals(
        List.of(
            "(src=10.0.0.1,dst=10.0.0.2,recirc_id=0,ip_id=5,dl_type=0x800,zone=1,nw_proto=17,"
                + "num_fragments=2,state=first frag)"),
        reassembler.describe());
    reassembler.expire(Reassembler.TIMEOUT_MS - 1);
    assertEquals(2, limits.held());
    reassembler.expire(Reassembler.TIMEOUT_MS);
    assertEquals(0, limits.held());
    assertEquals(2, reassembler.takeExpired());
    assertEquals(2, limits.count(false, FragmentLimits.Event.EXPIRED));
    assertEquals(List.of(), reassembler.describe());
  }

  @Test
  void shouldHoldNoMoreFragmentsThanAllowed() {
    limits.setMaxFragments(3);
    List<byte[]> fragments = new ArrayList<>();
    for (int id = 0; id < 4; id++) {
      fragments.add(FrameCutter.cut(datagram(false, 4000), 1400, id).getFirst());
    }
    assertEquals(DropReason.CT_FRAGMENT, send(fragments, 0));
    assertEquals(3, limits.held());
  }

  /** However many come: nothing stays of those for which there was no room. */
  @Test
  void shouldRememberNothingOfWhatItDidNotTake() {
    limits.setMaxFragments(3);
    for (int id = 0; id < 10; id++) {
      send(FrameCutter.cut(datagram(false, 4000), 1400, id).subList(0, 1), 0);
    }
    assertEquals(3, reassembler.describe().size());
  }

  @Test
  void shouldRememberAsManyForgeriesAsThereMayBeFragments() {
    limits.setMaxFragments(3);
    for (int id = 0; id < 10; id++) {
      byte[] one = FrameCutter.cut(datagram(true, 4000), 1400, id).getFirst();
      byte[] other = FrameCutter.cut(datagram(true, 4000), 1408, id).getFirst();
      assertEquals(DropReason.CT_FRAGMENT_OVERLAP, send(List.of(one, other), 0));
    }
    List<String> lines = reassembler.describe();
    assertEquals(3, lines.size(), lines::toString);
    assertTrue(lines.getFirst().contains("ip_id=7,"), lines::toString);
    assertTrue(lines.getFirst().endsWith("num_fragments=0,state=reassemble fail)"));
    reassembler.expire(Reassembler.TIMEOUT_MS);
    assertEquals(List.of(), reassembler.describe());
  }

  @ParameterizedTest
  @CsvSource({"60,1", "0,1", "43,3", "51,1", "60,31"})
  void shouldFindTheFragmentHeaderBehindWhateverTheParserFollows(int type, int count) {
    List<byte[]> fragments =
        FrameCutter.cut(datagram(true, 3000), 1400, 5).stream()
            .map(fragment -> FrameCutter.behindExtensions(fragment, type, count))
            .toList();
    assertNull(send(fragments, 0));
    Packet whole = new PacketBatch().append();
    reassembler.takeComplete().writeTo(whole);
    assertEquals(IpProtocol.UDP, whole.ipProtocol);
    assertEquals(ETHERNET_AND_IPV6_BYTES + 8 * count, whole.payloadOffset);
    assertEquals(0, limits.held());
  }

  /** Most options are in the first fragment only (RFC 791). */
  @Test
  void shouldGiveEachFragmentItsPartWhereTheFirstHasOptions() {
    List<byte[]> fragments = FrameCutter.cut(datagram(false, 3000), 1400, 5);
    fragments.set(0, FrameCutter.withOptions(fragments.getFirst(), 12));
    assertNull(send(fragments, 0));
    Datagram complete = reassembler.takeComplete();
    Packet whole = new PacketBatch().append();
    complete.writeTo(whole);
    assertTrue(Checksum.isTransportValid(whole));
    for (int i = 0; i < fragments.size(); i++) {
      Packet part = new PacketBatch().append();
      complete.fragments().get(i).restore(part);
      complete.handOver(whole, complete.fragments().get(i), part);
      assertArrayEquals(fragments.get(i), bytes(part), "fragment " + i);
    }
  }

  /** As a gateway does that writes a longer or shorter address. */
  @ParameterizedTest
  @CsvSource({"false,5", "false,-5", "true,5", "true,-5"})
  void shouldGiveTheLastFragmentWhatWasAddedOrTakenAway(boolean ipv6, int change) {
    assertNull(send(FrameCutter.cut(datagram(ipv6, 3000), 1400, 5), 0));
    Datagram complete = reassembler.takeComplete();
    Packet whole = new PacketBatch().append();
    complete.writeTo(whole);
    long length = whole.address + whole.l3Offset + (ipv6 ? 4 : 2);
    OffHeap.putShortBe(length, OffHeap.getUnsignedShortBe(length) + change);
    whole.length += change;
    Parser.parse(whole);
    int at = 0;
    for (Fragment fragment : complete.fragments()) {
      Packet part = new PacketBatch().append();
      fragment.restore(part);
      assertTrue(complete.handOver(whole, fragment, part));
      assertTrue(ipv6 || Checksum.isIpv4HeaderValid(part));
      int payload = part.l3End - part.payloadOffset;
      assertArrayEquals(
          bytes(whole, whole.payloadOffset + at, payload),
          bytes(part, part.payloadOffset, payload));
      at += payload;
    }
    assertEquals(whole.length, whole.payloadOffset + at);
  }

  @Test
  void shouldNotSendADatagramThatHasNothingLeftForItsLastFragment() {
    assertNull(send(FrameCutter.cut(datagram(false, 2799), 1400, 5), 0));
    Datagram complete = reassembler.takeComplete();
    Packet whole = new PacketBatch().append();
    complete.writeTo(whole);
    whole.l3End -= 7;
    assertFalse(complete.handOver(whole, complete.fragments().getFirst(), whole));
  }

  @Test
  void shouldSurviveBytesThatNobodyMeant() {
    byte[] fragment = FrameCutter.cut(datagram(random.nextBoolean(), 4000), 1400, 9).getFirst();
    for (int i = 0; i < 20_000; i++) {
      byte[] broken = fragment.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        broken[12 + random.nextInt(60)] = (byte) random.nextInt(256);
      }
      batch.clear();
      Packet packet = FrameCutter.load(broken, batch.append());
      if (packet.fragment != 0) {
        reassembler.add(packet, 1, this, 0, i * 100L);
        Datagram complete = reassembler.takeComplete();
        if (complete != null) { // a first fragment that says it is the last one too
          assertEquals(1, complete.fragments().size(), "seed " + seed);
          complete.writeTo(batch.append());
        }
      }
    }
    reassembler.expire(Long.MAX_VALUE);
    assertEquals(0, limits.held(), "seed " + seed);
  }
}
