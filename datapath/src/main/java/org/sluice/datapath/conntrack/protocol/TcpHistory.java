package org.sluice.datapath.conntrack.protocol;

import static org.sluice.base.memory.OffHeap.getLong;
import static org.sluice.base.memory.OffHeap.putLong;

import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * The segments with data that a side of a TCP connection has sent last, inside the connection's
 * record: they tell a retransmission from a forgery.
 *
 * <p>A retransmission repeats bytes. A segment that repeats sequence numbers with <em>other</em>
 * bytes makes two readers of the same stream, a host and whoever inspects its traffic, see two
 * different texts. What passed first counts. A segment contradicts it if it covers all of a
 * remembered one and that part's sum is another; one that covers a part only proves nothing and
 * passes. The sum is that of checksums, so it catches other bytes and not a forger who balances
 * them.
 *
 * <pre>
 *   an entry, one long        63           32 31        16 15         0
 *                            |  sequence     | bytes      | sum        |
 *
 *   bytes: of payload; 0 where its sum is not known     sum: one's complement, 0 and never 0xffff
 * </pre>
 *
 * <p>Two entries make a ring. {@link TcpPeer#history} says how much of it is filled and where to go
 * on: 0 and 1 are entries in a ring not full yet, 2 and 3 are a full one whose oldest entry is at
 * that number less 2. So an empty ring needs no clearing, and segments without data never touch it;
 * nor do those of one octet, which may be probes of a silent peer, filled with anything.
 *
 * <p>A segment that goes on where its sender left off is only written down. Its sum is what remains
 * of the verified checksum when the headers are taken out:
 *
 * <pre>
 *   pseudo header + TCP header with its checksum + payload = 0     (one's complement)
 * </pre>
 *
 * <p>Where the checksum was not verified here, because a local sender left it to the device, the
 * payload is summed. Segments that are too large for that are written down without a sum, so that
 * what is remembered is never older than two segments. Stateless; the record must be locked.
 */
final class TcpHistory {
  /** Segments remembered of each side. */
  static final int SEGMENTS = 2;

  /** The longest payload that is summed for its own sake. */
  static final int MAX_SUMMED_BYTES = 1600;

  private static final int ENTRY_BYTES = 8;

  /** With either, nobody here has computed the packet's checksum. */
  private static final int UNVERIFIED = Packet.CHECKSUM_PARTIAL | Packet.CHECKSUM_VERIFIED;

  private static final int LAST_STEP = 2 * SEGMENTS - 1;

  private TcpHistory() {}

  /**
   * Remembers a segment, unless it contradicts an earlier one: then nothing is done.
   *
   * @param direction 0 = original, 1 = reply
   * @param bytes of payload
   * @return whether it contradicts none
   */
  static boolean admit(long record, Packet packet, int direction, int bytes) {
    if (bytes <= 1) {
      return true;
    }
    int sequence = TcpSegment.sequence(packet.address + packet.l4Offset);
    if (sequence - TcpPeer.low(TcpPeer.of(record, direction)) < 0) {
      return admitEarlier(record, packet, direction, bytes);
    }
    append(record, direction, entryOf(packet, bytes));
    return true;
  }

  /** Where an entry is. */
  static long at(long record, int direction, int entry) {
    return record
        + ConnectionRecord.ORIGINAL_HISTORY
        + (long) direction * ConnectionRecord.BYTES_PER_HISTORY
        + (long) entry * ENTRY_BYTES;
  }

  /** How many entries there are. */
  static int count(long record, int direction) {
    return Math.min(TcpPeer.history(TcpPeer.of(record, direction)), SEGMENTS);
  }

  /** An entry as drawn above; 0 is the first that was written, until the ring is full. */
  static long entry(long record, int direction, int entry) {
    return getLong(at(record, direction, entry));
  }

  private static void append(long record, int direction, long entry) {
    putLong(at(record, direction, takeEntry(record, direction)), entry);
  }

  /** The place of the next entry, for the caller to fill. */
  static int takeEntry(long record, int direction) {
    long peer = TcpPeer.of(record, direction);
    int step = TcpPeer.history(peer);
    TcpPeer.putHistory(peer, step == LAST_STEP ? SEGMENTS : step + 1);
    return step & (SEGMENTS - 1);
  }

  /** Makes the entry at this address one that nothing contradicts. */
  static void clearEntry(long entry) {
    putLong(entry, 0);
  }

  /**
   * A segment that begins before the point reached. It is remembered if it brings new data or, as
   * far as that can be told, fills a gap.
   */
  private static boolean admitEarlier(long record, Packet packet, int direction, int bytes) {
    long header = packet.address + packet.l4Offset;
    int sequence = TcpSegment.sequence(header);
    long payload = header + Parser.tcpHeaderBytes(header);
    boolean isFiller = true;
    int count = count(record, direction);
    for (int i = 0; i < count; i++) {
      long entry = entry(record, direction, i);
      int offset = sequence(entry) - sequence;
      int length = bytes(entry);
      boolean isWhole = offset >= 0 && offset <= bytes - length;
      if (length != 0 && isWhole && sumOf(payload + offset, length) != sum(entry)) {
        return false;
      }
      isFiller &= offset >= bytes || offset <= -length;
    }
    if (isFiller || sequence + bytes - TcpPeer.low(TcpPeer.of(record, direction)) > 0) {
      append(record, direction, entryOf(packet, bytes));
    }
    return true;
  }

  static int sequence(long entry) {
    return (int) (entry >>> 32);
  }

  static int bytes(long entry) {
    return (int) entry >>> 16;
  }

  static int sum(long entry) {
    return (int) entry & 0xffff;
  }

  private static long entryOf(Packet packet, int bytes) {
    long header = packet.address + packet.l4Offset;
    long sequence = (long) TcpSegment.sequence(header) << 32;
    int headerBytes = Parser.tcpHeaderBytes(header);
    if ((packet.offloadFlags & UNVERIFIED) == 0) {
      long headers = Checksum.pseudoSum(packet) + Checksum.sum(header, headerBytes);
      return sequence | (long) bytes << 16 | canonical(~Checksum.fold(headers) & 0xffff);
    }
    if (bytes > MAX_SUMMED_BYTES) {
      return sequence;
    }
    return sequence | (long) bytes << 16 | sumOf(header + headerBytes, bytes);
  }

  private static int sumOf(long payload, int bytes) {
    return canonical(Checksum.fold(Checksum.sum(payload, bytes)));
  }

  /** One's complement has two zeros. */
  private static int canonical(int sum) {
    return sum == 0xffff ? 0 : sum;
  }
}
