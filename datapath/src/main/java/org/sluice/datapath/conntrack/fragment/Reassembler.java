package org.sluice.datapath.conntrack.fragment;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.conntrack.table.SpinLock;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.Packet;

/**
 * Holds fragments until their datagram is complete, or its time is over. A fragment that overlaps
 * another is a way to show two readers different packets: its whole datagram is refused (RFC 5722),
 * for IPv4 as well. One that repeats another to the byte is a copy that some network made, and only
 * the copy goes (RFC 8200, section 4.5).
 *
 * <p>Fragments are rare and their number is limited, so here, unlike elsewhere on a packet's way,
 * objects are made. Belongs to one packet thread; the lock is for readers of {@link #describe}.
 */
public final class Reassembler extends SpinLock {
  /** How long fragments wait for the rest of their datagram. */
  public static final int TIMEOUT_MS = 15_000;

  /** A datagram's identity: where it is tracked and what its fragments have in common. */
  private record Key(
      int zone,
      int recircId,
      boolean ipv6,
      int protocol,
      int id,
      long srcHi,
      long srcLo,
      long dstHi,
      long dstLo) {}

  private final FragmentLimits limits;
  private final Map<Key, Datagram> datagrams = new LinkedHashMap<>();

  /**
   * What was found out to be a forgery, as many as there may be fragments: nothing is kept of it.
   */
  private final LinkedHashMap<Key, Datagram> refused = new LinkedHashMap<>();

  private Datagram complete;
  private DropReason refusal;
  private int expired;

  /** Makes one that keeps the limits, which it shares with others. */
  public Reassembler(FragmentLimits limits) {
    this.limits = limits;
  }

  /** The datagram that the last fragment completed, once. */
  public Datagram takeComplete() {
    Datagram taken = complete;
    complete = null;
    return taken;
  }

  /** Fragments that have expired since the last call. */
  public int takeExpired() {
    int taken = expired;
    expired = 0;
    return taken;
  }

  /**
   * Takes a fragment, which is held until {@link #takeComplete} gives it back.
   *
   * @param program and {@code position}: where it is to go on
   * @return null if it was taken; otherwise why it is invalid or, where that is {@link
   *     DropReason#isFinal}, why it may not go on
   */
  public DropReason add(Packet packet, int zone, Object program, int position, long nowMs) {
    lock();
    dropExpired(nowMs);
    refusal = null;
    accept(packet, zone, program, position, nowMs);
    unlock();
    return refusal;
  }

  private void accept(Packet packet, int zone, Object program, int position, long nowMs) {
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    FragmentHeader header = FragmentHeader.read(packet);
    if (header == null) {
      refusal = DropReason.CT_INVALID_HEADER;
    } else if (!limits.isEnabled(ipv6)) {
      refusal = DropReason.CT_FRAGMENT;
    } else if (!ipv6 && !Checksum.isIpv4HeaderValid(packet)) {
      refusal = DropReason.CT_INVALID_CHECKSUM;
    } else if (!header.isLast() && packet.l3End - packet.l3Offset < limits.minBytes(ipv6)) {
      limits.count(ipv6, FragmentLimits.Event.TOO_SMALL, 1);
      refusal = DropReason.CT_FRAGMENT_SMALL;
    } else {
      add(packet, header, key(packet, header, zone), new Place(program, position), nowMs);
    }
  }

  /** Where a fragment is to go on. */
  private record Place(Object program, int position) {}

  private static Key key(Packet packet, FragmentHeader header, int zone) {
    long ip = packet.address + packet.l3Offset;
    boolean ipv6 = header.ipv6();
    return new Key(
        zone,
        packet.recircId,
        ipv6,
        ipv6 ? 0 : header.protocol(),
        header.id(),
        ipv6 ? OffHeap.getLongBe(ip + 8) : 0,
        ipv6 ? OffHeap.getLongBe(ip + 16) : OffHeap.getIntBe(ip + 12),
        ipv6 ? OffHeap.getLongBe(ip + 24) : 0,
        ipv6 ? OffHeap.getLongBe(ip + 32) : OffHeap.getIntBe(ip + 16));
  }

  private void add(Packet packet, FragmentHeader header, Key key, Place place, long nowMs) {
    Datagram known = datagrams.get(key);
    Datagram datagram = known == null ? new Datagram(nowMs + TIMEOUT_MS) : known;
    boolean ipv6 = header.ipv6();
    if (refused.containsKey(key)) {
      refusal = DropReason.CT_FRAGMENT_OVERLAP;
    } else if (datagram.repeats(packet, header)) {
      limits.count(ipv6, FragmentLimits.Event.OVERLAPPED, 1);
      refusal = DropReason.CT_FRAGMENT_REPEATED;
    } else if (datagram.overlaps(header)) {
      limits.count(ipv6, FragmentLimits.Event.OVERLAPPED, 1);
      refuse(key, datagram, DropReason.CT_FRAGMENT_OVERLAP, nowMs);
    } else if (!limits.hold()) {
      refusal = DropReason.CT_FRAGMENT;
    } else {
      limits.count(ipv6, FragmentLimits.Event.ACCEPTED, 1);
      datagrams.put(key, datagram);
      datagram.add(new Fragment(packet, header, place.program(), place.position()));
      completeIfAllIsThere(key, datagram, nowMs);
    }
  }

  private void completeIfAllIsThere(Key key, Datagram datagram, long nowMs) {
    if (!datagram.isComplete()) {
      return;
    }
    if (!datagram.fits()) {
      limits.countTooBig(key.ipv6());
      refuse(key, datagram, DropReason.CT_INVALID_HEADER, nowMs);
      return;
    }
    datagrams.remove(key);
    letGo(datagram, key.ipv6(), FragmentLimits.Event.COMPLETED);
    complete = datagram;
  }

  /** Forgets a datagram's fragments, and remembers for a while to accept no more. */
  private void refuse(Key key, Datagram datagram, DropReason reason, long nowMs) {
    datagrams.remove(key);
    letGo(datagram, key.ipv6(), FragmentLimits.Event.PURGED);
    refused.put(key, new Datagram(nowMs + TIMEOUT_MS));
    if (refused.size() > limits.maxFragments()) {
      refused.pollFirstEntry();
    }
    refusal = reason;
  }

  private void letGo(Datagram datagram, boolean ipv6, FragmentLimits.Event event) {
    int count = datagram.fragments().size();
    limits.letGo(count);
    limits.count(ipv6, event, count);
  }

  /** Drops what has waited too long. */
  public void expire(long nowMs) {
    lock();
    dropExpired(nowMs);
    unlock();
  }

  private void dropExpired(long nowMs) {
    dropExpired(datagrams, nowMs);
    dropExpired(refused, nowMs);
  }

  private void dropExpired(Map<Key, Datagram> all, long nowMs) {
    Iterator<Map.Entry<Key, Datagram>> oldest = all.entrySet().iterator();
    while (oldest.hasNext()) {
      Map.Entry<Key, Datagram> entry = oldest.next();
      if (entry.getValue().expiresMs() > nowMs) {
        return;
      }
      expired += entry.getValue().fragments().size();
      letGo(entry.getValue(), entry.getKey().ipv6(), FragmentLimits.Event.EXPIRED);
      oldest.remove();
    }
  }

  /** The datagrams that are waited for, a line each, as Open vSwitch prints them. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    lock();
    datagrams.forEach((key, datagram) -> lines.add(line(key, datagram, datagram.state())));
    refused.forEach((key, datagram) -> lines.add(line(key, datagram, "reassemble fail")));
    unlock();
    return lines;
  }

  private static String line(Key key, Datagram datagram, String state) {
    boolean ipv6 = key.ipv6();
    int protocol = key.protocol();
    if (ipv6 && !datagram.fragments().isEmpty()) {
      protocol = datagram.fragments().getFirst().header().protocol();
    }
    String id = ipv6 ? Integer.toUnsignedString(key.id()) : Integer.toString(key.id());
    return "(src="
        + address(ipv6, key.srcHi(), key.srcLo())
        + ",dst="
        + address(ipv6, key.dstHi(), key.dstLo())
        + ",recirc_id="
        + key.recircId()
        + ",ip_id="
        + id
        + ",dl_type=0x"
        + (ipv6 ? "86dd" : "800")
        + ",zone="
        + key.zone()
        + ",nw_proto="
        + protocol
        + ",num_fragments="
        + datagram.fragments().size()
        + ",state="
        + state
        + ")";
  }

  private static String address(boolean ipv6, long high, long low) {
    return ipv6 ? AddressText.ipv6(high, low) : AddressText.ipv4((int) low);
  }
}
