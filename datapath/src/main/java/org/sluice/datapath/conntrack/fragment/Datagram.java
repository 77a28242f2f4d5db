package org.sluice.datapath.conntrack.fragment;

import java.util.ArrayList;
import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/** A datagram of which some fragments are there. Belongs to a {@link Reassembler}. */
public final class Datagram {
  private static final int MAX_BYTES = 65_535;

  private final List<Fragment> arrived = new ArrayList<>();
  private final long expiresMs;
  private Fragment first;
  private Fragment last;
  private int bytes;

  Datagram(long expiresMs) {
    this.expiresMs = expiresMs;
  }

  long expiresMs() {
    return expiresMs;
  }

  /** Its fragments, in the order in which they arrived. */
  public List<Fragment> fragments() {
    return arrived;
  }

  /** Whether a fragment is one that is there already, to the last byte of payload. */
  boolean repeats(Packet packet, FragmentHeader header) {
    for (Fragment other : arrived) {
      if (other.isLike(packet, header)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a fragment has bytes that are there, or lies behind the end. */
  boolean overlaps(FragmentHeader header) {
    if (last != null && (header.isLast() || header.end() > last.header().end())) {
      return true;
    }
    for (Fragment other : arrived) {
      FragmentHeader known = other.header();
      boolean isBeyond = header.isLast() && known.end() > header.start();
      if (isBeyond || (header.start() < known.end() && known.start() < header.end())) {
        return true;
      }
    }
    return false;
  }

  void add(Fragment fragment) {
    arrived.add(fragment);
    FragmentHeader header = fragment.header();
    bytes += header.bytes();
    first = header.start() == 0 ? fragment : first;
    last = header.isLast() ? fragment : last;
  }

  /** As nothing overlaps, there is no hole when there are as many bytes as the last one ends at. */
  boolean isComplete() {
    return first != null && last != null && bytes == last.header().end();
  }

  /** How far it is, as Open vSwitch names it. */
  String state() {
    if (first != null) {
      return last != null ? "first/last frag" : "first frag";
    }
    return last != null ? "last frag" : "other frag";
  }

  /** Whether the whole, link header included, is no longer than 64 KiB, as in Open vSwitch. */
  boolean fits() {
    int rest = last.header().end() - first.header().end();
    return first.frame().length + rest <= MAX_BYTES;
  }

  /**
   * Gives one of its fragments the part that it carries of what tracking has made of the whole. If
   * a gateway has made that longer or shorter, so is the last one.
   *
   * @return false where nothing is left for the fragment, so that the datagram cannot be sent
   */
  public boolean handOver(Packet whole, Fragment fragment, Packet packet) {
    FragmentHeader header = fragment.header();
    int wholeHeader = first.header().wholeHeaderBytes();
    int wholeBytes = whole.l3End - whole.l3Offset - wholeHeader;
    int lastBytes = wholeBytes - last.header().start();
    if (lastBytes < 0 || (lastBytes == 0 && last.header().bytes() != 0)) {
      return false;
    }
    int partBytes = header.isLast() ? wholeBytes - header.start() : header.bytes();
    fragment.takeOver(packet, whole, wholeHeader, partBytes);
    return true;
  }

  /** Puts the complete datagram together: the first fragment's headers and everybody's payload. */
  public void writeTo(Packet packet) {
    FragmentHeader header = first.header();
    first.restore(packet);
    int network = packet.l3Offset;
    int payload = network + header.wholeHeaderBytes();
    for (Fragment fragment : arrived) {
      FragmentHeader part = fragment.header();
      int from = fragment.linkBytes() + part.headerBytes();
      OffHeap.copyIn(fragment.frame(), from, packet.address + payload + part.start(), part.bytes());
    }
    long ip = packet.address + network;
    if (header.ipv6()) {
      OffHeap.putByte(ip + header.nextHeaderOffset(), (byte) header.protocol());
      OffHeap.putShortBe(ip + 4, payload - network - 40 + bytes);
    } else {
      OffHeap.putShortBe(ip + 2, payload - network + bytes);
      OffHeap.putShortBe(ip + 6, 0);
    }
    packet.length = payload + bytes;
    Parser.parse(packet);
    if (!header.ipv6()) {
      Checksum.fillIpv4Header(packet);
    }
  }
}
