package org.sluice.datapath.conntrack.fragment;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * A fragment that is held: its frame, what was known of it, and where it was to go on. Belongs to
 * its {@link Datagram}.
 */
public final class Fragment {
  private final byte[] frame;
  private final int linkBytes;
  private final Packet metadata = new Packet();
  private final Object program;
  private final int position;
  private final FragmentHeader header;

  Fragment(Packet packet, FragmentHeader header, Object program, int position) {
    this.frame = new byte[packet.length];
    this.header = header;
    this.linkBytes = packet.l3Offset;
    this.program = program;
    this.position = position;
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    metadata.copyMetadataFrom(packet);
  }

  FragmentHeader header() {
    return header;
  }

  /** Bytes in front of the IP header. */
  int linkBytes() {
    return linkBytes;
  }

  byte[] frame() {
    return frame;
  }

  /** What was to be done with it, as its owner said when it was added. */
  public Object program() {
    return program;
  }

  /** Where in {@link #program}. */
  public int position() {
    return position;
  }

  /** Whether a packet carries the same part of the datagram, and the same bytes in it. */
  boolean isLike(Packet packet, FragmentHeader other) {
    if (other.start() != header.start()
        || other.bytes() != header.bytes()
        || other.isLast() != header.isLast()) {
      return false;
    }
    long payload = packet.address + packet.l3Offset + other.headerBytes();
    int own = linkBytes + header.headerBytes();
    for (int i = 0; i < header.bytes(); i++) {
      if (OffHeap.getByte(payload + i) != frame[own + i]) {
        return false;
      }
    }
    return true;
  }

  /** Fills a packet with what it was before it was tracked, and parses it. */
  public void restore(Packet packet) {
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    packet.copyMetadataFrom(metadata);
    Parser.parse(packet);
  }

  /**
   * Takes over what tracking has made of the whole: state, addresses, and the part of the payload
   * that this fragment carries, in which ports and checksum lie.
   *
   * @param headerBytes of the whole's IP header, which may have options that this one does not have
   * @param partBytes that it carries by now
   */
  void takeOver(Packet packet, Packet whole, int headerBytes, int partBytes) {
    packet.copyTrackingFrom(whole);
    long from = whole.address + whole.l3Offset;
    long to = packet.address + packet.l3Offset;
    int bytes = header.headerBytes() + partBytes;
    boolean ipv6 = packet.etherType == EtherType.IPV6;
    if (partBytes != header.bytes()) {
      OffHeap.putShortBe(to + (ipv6 ? 4 : 2), ipv6 ? bytes - FragmentHeader.IPV6_BYTES : bytes);
      packet.length = packet.l3Offset + bytes;
      Parser.parse(packet);
    }
    if (ipv6) {
      OffHeap.copy(from + 8, to + 8, 32);
    } else {
      OffHeap.copy(from + 12, to + 12, 8);
      Checksum.fillIpv4Header(packet);
    }
    long payload = from + headerBytes + header.start();
    OffHeap.copy(payload, to + header.headerBytes(), partBytes);
  }
}
