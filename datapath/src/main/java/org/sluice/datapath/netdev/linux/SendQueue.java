package org.sluice.datapath.netdev.linux;

import java.lang.foreign.Arena;
import org.sluice.base.linux.Errno;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevCounters;
import org.sluice.datapath.packet.Packet;

/**
 * Copies of frames that wait for the end of the batch, to be sent by one system call.
 *
 * <pre>
 *   messages   {iovec address 16..23, iovec count 24..31, the rest 0} of 64 bytes each
 *   iovecs     {address 0..7, length 8..15} each
 *   frames     [virtio header][frame], one after the other, aligned to 8
 * </pre>
 *
 * <p>Belongs to the device's packet thread.
 */
final class SendQueue {
  private static final int CAPACITY = 64;
  private static final int MESSAGE_BYTES = 64;
  private static final int IOVEC_BYTES = 16;
  private static final int FRAMES_BYTES = 256 * 1024;

  private final Arena arena = Arena.ofShared();
  private final int socket;
  private final int headerBytes;
  private final NetdevCounters counters;
  private final VirtioHeader header = new VirtioHeader();
  private final long messages = arena.allocate((long) CAPACITY * MESSAGE_BYTES, 64).address();
  private final long iovecs = arena.allocate((long) CAPACITY * IOVEC_BYTES, 64).address();
  private final long frames = arena.allocate(FRAMES_BYTES, 64).address();
  private int count;
  private int used;

  SendQueue(int socket, boolean virtio, NetdevCounters counters) {
    this.socket = socket;
    this.headerBytes = virtio ? VirtioHeader.BYTES : 0;
    this.counters = counters;
    for (int i = 0; i < CAPACITY; i++) {
      long message = messages + (long) i * MESSAGE_BYTES;
      OffHeap.putLong(message + 16, iovecs + (long) i * IOVEC_BYTES);
      OffHeap.putLong(message + 24, 1);
    }
  }

  /** Queues a copy, making room by sending if need be. */
  void add(Packet packet) {
    assert packet.length <= FRAMES_BYTES - VirtioHeader.BYTES : "frame of " + packet.length;
    int bytes = headerBytes + packet.length;
    if (count == CAPACITY || used + bytes > FRAMES_BYTES) {
      flush();
    }
    long start = frames + used;
    if (headerBytes != 0) {
      if (!header.write(start, packet)) {
        counters.sendFailed();
        return;
      }
    } else if ((packet.offloadFlags & Packet.CHECKSUM_PARTIAL) != 0) {
      header.completeChecksum(packet);
    }
    OffHeap.copy(packet.address, start + headerBytes, packet.length);
    long iovec = iovecs + (long) count * IOVEC_BYTES;
    OffHeap.putLong(iovec, start);
    OffHeap.putLong(iovec + 8, bytes);
    used = (used + bytes + 7) & ~7;
    count++;
  }

  /** Sends everything; what the kernel does not take is lost and counted. */
  void flush() {
    int done = 0;
    boolean retried = false;
    while (done < count) {
      long from = messages + (long) done * MESSAGE_BYTES;
      int sent = Sockets.sendMany(socket, from, count - done, Sockets.MSG_DONTWAIT);
      if (sent > 0) {
        countSent(done, sent);
        done += sent;
      } else if (sent == -Errno.EAGAIN || sent == -Errno.ENOBUFS) {
        counters.sendDropped(count - done);
        break;
      } else if (sent == -Errno.ENETDOWN && !retried) {
        retried = true; // It may be an old error of the socket's, which is told once.
      } else {
        counters.sendFailed();
        done++;
      }
    }
    count = 0;
    used = 0;
  }

  private void countSent(int from, int sent) {
    for (int i = from; i < from + sent; i++) {
      counters.sent((int) OffHeap.getLong(iovecs + (long) i * IOVEC_BYTES + 8) - headerBytes);
    }
  }

  void close() {
    arena.close();
  }
}
