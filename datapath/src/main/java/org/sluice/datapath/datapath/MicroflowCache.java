package org.sluice.datapath.datapath;

import org.sluice.base.memory.OffHeap;
import org.sluice.base.pages.MemoryBlock;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.IpProtocol;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * Exact match from what a received packet looks like to its whole {@link Trajectory}.
 *
 * <p><b>The key</b> holds only bits that some installed megaflow looks at (and, where connections
 * are tracked, addresses and ports), so that packets that differ elsewhere share an entry. IPv4
 * packets have five words, IPv6 packets nine; what is neither, or carries more than one VLAN tag,
 * has no microflow and goes the general way. A packet fresh from a device has no metadata but its
 * port; recirculated packets are not looked up here, since the trajectory covers them.
 *
 * <p><b>Staleness.</b> Entries are never searched for and removed: one is valid as long as its
 * trajectory is alive, which the lookup sees. Nor does it matter that the set of bits looked at
 * changes. An entry found under the present set agrees with the packet in every bit that both the
 * present and the then set hold, and each live megaflow of its trajectory looks only at bits in
 * both; so the packet would hit the same ones.
 *
 * <p><b>Memory.</b> Two entries form a bucket of 128 bytes, and a packet has a choice of two
 * buckets, so that hardly any entry is pushed out before the table is three quarters full. What
 * IPv4 with one step of tracking needs lies in one line of 64. The rest of a key and further
 * connections lie in a second array, touched only where they are used. The table starts small, so
 * that few flows stay in the nearest cache, and is replaced by an empty one eight times as large
 * when flows that it has known before push others out. Flows of one packet each, a scan or a flood,
 * would push as well, for nothing; so of each flow a <em>ghost</em> is kept, 16 bits of its hash,
 * in a table as long as the largest that there may be. In a table that is three quarters full, a
 * flow whose buckets are full is remembered when it comes for the second time (Johnson, Shasha: 2Q,
 * VLDB 1994), and costs little the first time.
 *
 * <pre>
 *   entry  0: trajectory's slot   4: signature   8: trajectory's id  12: key words, 13: repeats
 *         16: connection of step 0              24: key words 0 to 4
 *   more   0: key words 5 to 8                  32: connections of steps 1 to 3
 * </pre>
 *
 * <p>Bit <i>n</i> of the repeats says that step <i>n</i> met the connection of step 0, as a commit
 * after a lookup does; so the second array stays untouched there too.
 *
 * <p>Owned by one packet thread. It works on a batch: {@link #load} computes a packet's key and
 * hash, {@link #find} looks it up, {@link #put} remembers it; between these the words lie in the
 * slot's place of a scratch array.
 */
final class MicroflowCache {
  private static final int ENTRY_BYTES = 64;
  private static final int BUCKET_BYTES = 2 * ENTRY_BYTES;
  private static final int INITIAL_ENTRIES = 1 << 11;
  private static final int GROWTH_SHIFT = 3;

  /** Each packet has two buckets that its entry may be in. */
  private static final int CHOICES = 2;

  private static final int WAYS = 2 * CHOICES;
  private static final int SECOND_SHIFT = 24;

  private static final int SIGNATURE = 4;
  private static final int ID = 8;
  private static final int WORD_COUNT = 12;
  private static final int REPEATS = 13;
  private static final int CONNECTION = 16;
  private static final int KEY = 24;
  private static final int NEAR_WORDS = 5;
  private static final int FAR_CONNECTIONS = 32;

  private static final int IPV4_WORDS = 5;
  private static final int IPV6_WORDS = 9;
  private static final int STRIDE = 16;
  private static final long PORTS = 0xffff_ffffL << 32;
  private static final long LOW_24 = 0xff_ffff;

  private final TrajectoryTable trajectories;
  private final int limit;
  private final long[] multipliers = new long[IPV6_WORDS];
  private final long[] words = new long[PacketBatch.CAPACITY * STRIDE];
  private final int[] wordCounts = new int[PacketBatch.CAPACITY];
  private final int[] versions = new int[PacketBatch.CAPACITY];
  private final long[] hashes = new long[PacketBatch.CAPACITY];

  private MemoryBlock memory;
  private long near;
  private long far;
  private long lastBucket;

  /** Leaves as many of a hash's uppermost bits as number the buckets. */
  private int firstShift;

  private int entries;
  private int occupied;
  private int displaced;

  /** Of the flows inserted lately, by hash. */
  private final char[] ghosts;

  /** Flows that pushed others out and had been here before. */
  private int returned;

  private int version;
  private int insertions;
  private boolean byTuple;

  private long sourceMask;
  private long destinationMask;
  private long ipMask;
  private long labelMask;
  private long ipv4Mask;
  private long l4Mask;
  private final long[] ipv6Masks = new long[4];

  MicroflowCache(int limit, long seed, TrajectoryTable trajectories) {
    this.limit = Math.max(INITIAL_ENTRIES, Integer.highestOneBit(limit));
    this.ghosts = new char[this.limit];
    this.trajectories = trajectories;
    long state = seed;
    for (int i = 0; i < multipliers.length; i++) {
      state = (state ^ (state >>> 29)) * 0xbf58_476d_1ce4_e5b9L + 0x9e37_79b9_7f4a_7c15L;
      multipliers[i] = (state ^ (state >>> 32)) | 1;
    }
    use(INITIAL_ENTRIES);
  }

  private void grow() {
    MemoryBlock outgrown = memory;
    use(Math.min(limit, entries << GROWTH_SHIFT));
    outgrown.close();
  }

  private void use(int count) {
    long bytes = (long) count * ENTRY_BYTES;
    memory = new MemoryBlock(2 * bytes, BUCKET_BYTES);
    near = memory.address();
    far = near + bytes;
    entries = count;
    lastBucket = count / 2 - 1L;
    firstShift = Long.numberOfLeadingZeros(lastBucket);
    occupied = 0;
    returned = 0;
  }

  /** Gives the memory back; nothing may be looked up any more. */
  void close() {
    memory.close();
  }

  /** Entries in use, stale ones included. */
  int occupied() {
    return occupied;
  }

  /** From now on keys hold what {@code union} covers. */
  void cover(FlowMask union) {
    version++;
    long all = byTuple ? -1L : 0;
    sourceMask = union.word(Word.ETH_SRC) | 0xffff;
    destinationMask = union.word(Word.ETH_DST);
    ipMask = (union.word(Word.IP) | (byTuple ? 0xffL << 48 | 0xffL << 24 : 0)) & ~LOW_24;
    labelMask = union.word(Word.IP) & LOW_24;
    ipv4Mask = union.word(Word.IPV4) | all;
    l4Mask = union.word(Word.L4) | (all & PORTS);
    for (int i = 0; i < ipv6Masks.length; i++) {
      ipv6Masks[i] = union.word(Word.IPV6_SRC + i) | all;
    }
  }

  /** Whether keys hold addresses and ports in any case. */
  boolean isByTuple() {
    return byTuple;
  }

  /** Has keys hold addresses and ports in any case, from the next {@link #cover} on. */
  void coverTuple() {
    byTuple = true;
  }

  /** Computes the key of a received, parsed packet; false where it can have no microflow. */
  boolean load(Packet packet, int slot) {
    int count = 0;
    if (packet.payloadOffset != Packet.ABSENT && packet.vlanTags <= 1 && packet.packetType == 0) {
      if (packet.etherType == EtherType.IPV4) {
        count = loadIpv4(packet, slot * STRIDE) ? IPV4_WORDS : 0;
      } else if (packet.ipProtocol != IpProtocol.ICMPV6) {
        count = loadIpv6(packet, slot * STRIDE) ? IPV6_WORDS : 0;
      }
    }
    wordCounts[slot] = count;
    versions[slot] = version;
    return count != 0;
  }

  /** Leaves a slot of the batch without a key. */
  void skip(int slot) {
    wordCounts[slot] = 0;
  }

  private boolean loadIpv4(Packet packet, int at) {
    long header = packet.l3();
    long between = OffHeap.getLongBe(header + 1); // from the type of service to the time to live
    long w2 = (ip(packet, between >>> 56, between & 0xff) & ipMask) | origin(packet);
    long w3 = OffHeap.getLongBe(header + 12) & ipv4Mask;
    long w4 = transport(packet) & l4Mask;
    words[at + 2] = w2;
    words[at + 3] = w3;
    words[at + 4] = w4;
    long hash = w2 * multipliers[2] + w3 * multipliers[3] + w4 * multipliers[4];
    return loadLink(packet, at, hash);
  }

  private boolean loadIpv6(Packet packet, int at) {
    long header = packet.l3();
    int start = OffHeap.getIntBe(header);
    long hops = OffHeap.getUnsignedByte(header + 7);
    long w2 = (ip(packet, (start >>> 20) & 0xff, hops) & ipMask) | origin(packet);
    long w4 = transport(packet) & l4Mask;
    long w8 = start & 0xf_ffff & labelMask;
    words[at + 2] = w2;
    words[at + 4] = w4;
    words[at + 8] = w8;
    long hash = w2 * multipliers[2] + w4 * multipliers[4] + w8 * multipliers[8];
    for (int i = 0; i < ipv6Masks.length; i++) {
      long word = OffHeap.getLongBe(header + 8 + 8L * i) & ipv6Masks[i];
      int to = i == 0 ? 3 : i + 4;
      words[at + to] = word;
      hash += word * multipliers[to];
    }
    return loadLink(packet, at, hash);
  }

  private boolean loadLink(Packet packet, int at, long hash) {
    long frame = packet.frame();
    long w0 = ((OffHeap.getLongBe(frame + 6) & ~0xffffL) | packet.etherType) & sourceMask;
    long w1 = OffHeap.getLongBe(frame) & ~0xffffL;
    if (packet.vlanTags != 0) {
      int tag = OffHeap.getIntBe(frame + 12);
      if (tag >>> 16 != EtherType.VLAN) {
        return false;
      }
      w1 |= (tag & 0xffff) | 0x1000;
    }
    w1 &= destinationMask;
    words[at] = w0;
    words[at + 1] = w1;
    long sum = hash + w0 * multipliers[0] + w1 * multipliers[1];
    hashes[at / STRIDE] = (sum ^ (sum >>> 32)) * 0xd6e8_feb8_6659_fd93L;
    return true;
  }

  /** Input port and number of tags, in bits that the IP word leaves free. */
  private static long origin(Packet packet) {
    return (long) packet.vlanTags << 16 | packet.inPort;
  }

  private static long ip(Packet packet, long type, long hops) {
    return (long) packet.ipProtocol << 48 | type << 40 | hops << 32 | (long) packet.fragment << 24;
  }

  private static long transport(Packet packet) {
    if (packet.l4Offset == Packet.ABSENT) {
      return 0;
    }
    long header = packet.l4();
    return switch (packet.ipProtocol) {
      case IpProtocol.UDP, IpProtocol.SCTP -> (long) OffHeap.getIntBe(header) << 32;
      case IpProtocol.TCP -> {
        long flags = OffHeap.getUnsignedShortBe(header + 12) & 0xfff;
        yield (long) OffHeap.getIntBe(header) << 32 | flags << 16;
      }
      case IpProtocol.ICMP, IpProtocol.IGMP, IpProtocol.ICMPV6 -> {
        int start = OffHeap.getUnsignedShortBe(header);
        yield (long) (start >>> 8) << 48 | (long) (start & 0xff) << 32;
      }
      default -> 0;
    };
  }

  /** The entry of a loaded packet, or 0; its trajectory may be gone. */
  long find(int slot) {
    int count = wordCounts[slot];
    if (count == 0) {
      return 0;
    }
    long hash = hashes[slot];
    int signature = signature(hash);
    for (int choice = 0; choice < CHOICES; choice++) {
      long entry = bucket(hash, choice);
      for (int i = 0; i < BUCKET_BYTES; i += ENTRY_BYTES) {
        if (OffHeap.getInt(entry + i + SIGNATURE) == signature && agrees(entry + i, slot, count)) {
          return entry + i;
        }
      }
    }
    return 0;
  }

  /**
   * By the hash's upper bits: the lower bits of a product know nothing of a factor's upper ones.
   */
  private long bucket(long hash, int choice) {
    long index = (choice == 0 ? hash >>> firstShift : hash >>> SECOND_SHIFT & lastBucket);
    return OffHeap.pointer(near + index * BUCKET_BYTES);
  }

  private static int signature(long hash) {
    return (int) (hash >>> 8) | 1;
  }

  private boolean agrees(long entry, int slot, int count) {
    int at = slot * STRIDE;
    long difference = OffHeap.getByte(entry + WORD_COUNT) ^ count;
    for (int i = 0; i < NEAR_WORDS; i++) {
      difference |= OffHeap.getLong(entry + KEY + 8L * i) ^ words[at + i];
    }
    if (difference == 0 && count > NEAR_WORDS) {
      long more = far + (entry - near);
      for (int i = NEAR_WORDS; i < IPV6_WORDS; i++) {
        difference |= OffHeap.getLong(more + 8L * (i - NEAR_WORDS)) ^ words[at + i];
      }
    }
    return difference == 0;
  }

  /** The trajectory of an entry; null where it is no more. */
  Trajectory trajectory(long entry) {
    return trajectories.get(OffHeap.getInt(entry), OffHeap.getInt(entry + ID));
  }

  /** The connection met at {@code step}. */
  long connection(long entry, int step) {
    long at = OffHeap.pointer(entry);
    return step == 0 || (OffHeap.getByte(at + REPEATS) & 1 << step) != 0
        ? OffHeap.getLong(at + CONNECTION)
        : OffHeap.getLong(far + (entry - near) + FAR_CONNECTIONS + 8L * (step - 1));
  }

  /** Whether all of an entry's steps met the same connection. */
  boolean meetsOne(long entry, int steps) {
    return OffHeap.getByte(OffHeap.pointer(entry) + REPEATS) == (1 << steps) - 2;
  }

  /** Changes whenever an entry found before may have become another's. */
  int insertions() {
    return insertions;
  }

  /**
   * Whether the packet loaded here can be remembered: not if megaflows look at more since then, for
   * its key lacks that.
   */
  boolean accepts(int slot) {
    return wordCounts[slot] != 0 && versions[slot] == version;
  }

  /**
   * Where the flow of a loaded packet may be remembered: in the entry that it has, in a free one,
   * in a stale or another's if it was here before or there is room elsewhere; 0 where it may not.
   * Leaves the flow's ghost in any case.
   */
  long place(int slot) {
    assert accepts(slot);
    long hash = hashes[slot];
    boolean wasHere = ghosts[ghostOf(hash)] == ghost(hash);
    ghosts[ghostOf(hash)] = ghost(hash);
    long entry = find(slot);
    if (entry == 0) {
      entry = free(hash);
    }
    if (entry == 0 && (wasHere || occupied < entries - entries / 4)) {
      entry = makeWay(hash, wasHere);
    }
    return entry;
  }

  private long free(long hash) {
    for (int way = 0; way < WAYS; way++) {
      long entry = way(hash, way);
      if (OffHeap.getInt(entry + SIGNATURE) == 0) {
        return entry;
      }
    }
    return 0;
  }

  /** An entry that is of no use any more, or else somebody's. */
  private long makeWay(long hash, boolean wasHere) {
    for (int way = 0; way < WAYS; way++) {
      long entry = way(hash, way);
      if (trajectory(entry) == null) {
        return entry;
      }
    }
    returned += wasHere ? 1 : 0;
    displaced = (displaced + 1) % WAYS;
    return way(hash, displaced);
  }

  /** Remembers the trajectory of a loaded packet at its {@link #place}. */
  void put(long place, int slot, Trajectory trajectory, long[] connections) {
    insertions++;
    long hash = hashes[slot];
    long entry = OffHeap.pointer(place);
    occupied += OffHeap.getInt(entry + SIGNATURE) == 0 ? 1 : 0;
    OffHeap.putInt(entry, trajectory.slot);
    OffHeap.putInt(entry + SIGNATURE, signature(hash));
    OffHeap.putInt(entry + ID, trajectory.id);
    OffHeap.putByte(entry + WORD_COUNT, (byte) wordCounts[slot]);
    putWords(entry, slot);
    putConnections(entry, trajectory.steps, connections);
    if (returned > entries / 6 && entries < limit) {
      grow();
    }
  }

  private int ghostOf(long hash) {
    return (int) (hash >>> 16) & ghosts.length - 1;
  }

  private static char ghost(long hash) {
    return (char) (hash >>> 48);
  }

  private long way(long hash, int way) {
    return bucket(hash, way / 2) + (long) (way % 2) * ENTRY_BYTES;
  }

  private void putWords(long entry, int slot) {
    int at = slot * STRIDE;
    for (int i = 0; i < NEAR_WORDS; i++) {
      OffHeap.putLong(entry + KEY + 8L * i, words[at + i]);
    }
    if (wordCounts[slot] > NEAR_WORDS) {
      long more = far + (entry - near);
      for (int i = NEAR_WORDS; i < IPV6_WORDS; i++) {
        OffHeap.putLong(more + 8L * (i - NEAR_WORDS), words[at + i]);
      }
    }
  }

  private void putConnections(long entry, int steps, long[] connections) {
    OffHeap.putLong(entry + CONNECTION, steps > 0 ? connections[0] : 0);
    int repeats = 0;
    long more = far + (entry - near) + FAR_CONNECTIONS;
    for (int i = 1; i < steps; i++) {
      if (connections[i] == connections[0]) {
        repeats |= 1 << i;
      } else {
        OffHeap.putLong(more + 8L * (i - 1), connections[i]);
      }
    }
    OffHeap.putByte(entry + REPEATS, (byte) repeats);
  }
}
