package org.sluice.datapath.packet;

import org.sluice.base.memory.OffHeap;

/**
 * A frame in off-heap memory and everything the switch knows about it.
 *
 * <pre>
 *   bufferStart                 address            address + length             bufferEnd
 *        |      headroom           |      frame            |      tailroom           |
 * </pre>
 *
 * <p>A packet is a slot of a {@link PacketBatch} and is reused: it belongs to the one thread that
 * owns the batch, and nothing may keep a reference to it, or to its memory, past the batch. Devices
 * fill in the first block, the parser the second, tunnels, recirculation and connection tracking
 * the third. Fields are public because the packet path reads and writes them between every two
 * stages; there is no invariant between blocks that a setter could keep.
 */
public final class Packet {
  /**
   * Bytes kept free in front of a received frame, for tags, tunnel headers and a device's own
   * header.
   */
  public static final int HEADROOM_BYTES = 256;

  /**
   * The longest frame: a 64 KiB segment that a local sender left whole, its Ethernet header and
   * tags.
   */
  public static final int MAX_FRAME_BYTES = 65536 + 64;

  /**
   * The bytes one packet buffer takes, headroom and tailroom included: an odd number of cache
   * lines, so that the first bytes of a batch's frames, which lie that far apart, fall into
   * different sets of the nearest cache and do not push each other out.
   */
  public static final int BUFFER_BYTES = 1043 * 64;

  /** Offset value: the packet has no such header, or not all of it arrived. */
  public static final int ABSENT = -1;

  /** In {@link #offloadFlags}: the transport checksum covers only the pseudo header so far. */
  public static final int CHECKSUM_PARTIAL = 1;

  /** In {@link #offloadFlags}: the transport checksum was verified. */
  public static final int CHECKSUM_VERIFIED = 2;

  /** In {@link #offloadFlags}: the IPv4 header's checksum need not be looked at, nor be right. */
  public static final int HEADER_CHECKSUM_VERIFIED = 4;

  /** In {@link #offloadFlags}: the device says that the IPv4 header's checksum is wrong. */
  public static final int HEADER_CHECKSUM_WRONG = 8;

  // --- Set by the device.

  /** First byte of the buffer. Fixed for the slot's life. */
  public long bufferStart;

  /** One past the last byte of the buffer. Fixed for the slot's life. */
  public long bufferEnd;

  /** First byte of the frame. */
  public long address;

  /** Bytes of the frame that are in memory, Ethernet header included, frame check sequence not. */
  public int length;

  /**
   * Virtio-net header flags: bit 0 = the transport checksum is still to be filled in, bit 1 = it
   * was verified; and bits 2 and 3, what a device knows of the IPv4 header's checksum.
   */
  public int offloadFlags;

  /**
   * Virtio-net segmentation type: 0 none, 1 TCP/IPv4, 3 UDP, 4 TCP/IPv6, 5 UDP by L4; bit 7 = ECN.
   */
  public int segmentType;

  /** Bytes of payload in each segment, where {@link #segmentType} is not 0. */
  public int segmentBytes;

  // --- Set by the parser. Offsets count from address; ABSENT where the header is not there whole.

  /**
   * VLAN tags that the parser may take off; set once, as the switch is configured. One is what Open
   * vSwitch does unless it is told otherwise ({@code other_config:vlan-limit}).
   */
  public int vlanLimit = Parser.DEFAULT_VLAN_TAGS;

  /** VLAN tags that the parser took off: 0 to {@link #vlanLimit}. */
  public int vlanTags;

  /** Ethernet type after those VLAN tags; 0x05ff for a length (802.3) frame without SNAP. */
  public int etherType;

  /** Offset of the first byte after the Ethernet header and VLAN tags. */
  public int l3Offset;

  /**
   * Offset of what an IP packet carries, behind options and extension headers, whole or not, also
   * in a later fragment; ABSENT where there is no IP header or its extension headers are broken.
   */
  public int payloadOffset;

  /**
   * Offset of the transport header, set only where its fixed part is in memory and this is no later
   * fragment.
   */
  public int l4Offset;

  /**
   * One past the last byte that the network header says belongs to it, at most {@link #length};
   * padding lies beyond. ABSENT where the IP header is malformed or claims more than arrived; for
   * anything but IP it is the frame's end.
   */
  public int l3End;

  /** IP protocol, or the next header after IPv6 extension headers; 0 where there is none. */
  public int ipProtocol;

  /** 0 = whole; bit 0 = a fragment; bit 1 = a later one (as the nw_frag field). */
  public int fragment;

  // --- Metadata.

  /** Number of the datapath port it came in by. */
  public int inPort;

  public int recircId;
  public int dpHash;
  public int skbPriority;
  public int pktMark;
  public int packetType;

  /** Bits of CtState; 0 = not tracked. */
  public int ctState;

  public int ctZone;
  public int ctMark;
  public long ctLabelHi;
  public long ctLabelLo;

  /**
   * Original direction's tuple of the connection: protocol, addresses (IPv4 in the low 32 bits of
   * Lo), ports.
   */
  public int ctProtocol;

  public long ctSrcHi;
  public long ctSrcLo;
  public long ctDstHi;
  public long ctDstLo;
  public int ctSrcPort;
  public int ctDstPort;

  /** Whether the original tuple is IPv6. */
  public boolean ctIpv6;

  /** The connection met last, as the tracker's handle (index and generation); 0 = none. */
  public long connection;

  /** Where the frame begins, as a pointer. */
  public long frame() {
    return OffHeap.pointer(address);
  }

  /** Where the network header is, if there is one. */
  public long l3() {
    return OffHeap.pointer(address + l3Offset);
  }

  /** Where the transport header is, if there is one. */
  public long l4() {
    return OffHeap.pointer(address + l4Offset);
  }

  /** Empties the slot and puts {@link #address} behind the headroom. */
  public void reset() {
    address = bufferStart + HEADROOM_BYTES;
    length = 0;
    offloadFlags = 0;
    segmentType = 0;
    segmentBytes = 0;
    resetMetadata();
  }

  /** Takes over what is known of {@code other} besides its frame and where its headers lie. */
  public void copyMetadataFrom(Packet other) {
    offloadFlags = other.offloadFlags;
    segmentType = other.segmentType;
    segmentBytes = other.segmentBytes;
    inPort = other.inPort;
    recircId = other.recircId;
    dpHash = other.dpHash;
    skbPriority = other.skbPriority;
    pktMark = other.pktMark;
    packetType = other.packetType;
    copyTrackingFrom(other);
  }

  /** Takes over what tracking knows of {@code other}. */
  public void copyTrackingFrom(Packet other) {
    ctState = other.ctState;
    ctZone = other.ctZone;
    ctMark = other.ctMark;
    ctLabelHi = other.ctLabelHi;
    ctLabelLo = other.ctLabelLo;
    ctProtocol = other.ctProtocol;
    ctSrcHi = other.ctSrcHi;
    ctSrcLo = other.ctSrcLo;
    ctDstHi = other.ctDstHi;
    ctDstLo = other.ctDstLo;
    ctSrcPort = other.ctSrcPort;
    ctDstPort = other.ctDstPort;
    ctIpv6 = other.ctIpv6;
    connection = other.connection;
  }

  /** Forgets everything but the frame and its device's metadata. */
  public void resetMetadata() {
    recircId = 0;
    dpHash = 0;
    skbPriority = 0;
    pktMark = 0;
    packetType = 0;
    if (ctState != 0) {
      resetTracking(); // a packet that was never tracked has nothing to forget
    }
  }

  /** Makes the packet untracked, as {@code ct_clear} does. */
  public void resetTracking() {
    ctState = 0;
    ctZone = 0;
    ctMark = 0;
    ctLabelHi = 0;
    ctLabelLo = 0;
    ctProtocol = 0;
    ctSrcHi = 0;
    ctSrcLo = 0;
    ctDstHi = 0;
    ctDstLo = 0;
    ctSrcPort = 0;
    ctDstPort = 0;
    ctIpv6 = false;
    connection = 0;
  }
}
