package org.sluice.datapath.netdev.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import java.util.concurrent.locks.LockSupport;
import org.sluice.base.linux.Errno;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Mmap;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevCounters;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * An AF_XDP socket on one receive queue of a device, with frames in memory shared with the kernel.
 *
 * <pre>
 *   frames   {received ...: XdpRing.SIZE}{to be sent ...: XdpRing.SIZE}   of FRAME_BYTES each
 *   entry    address in the frames 0..7   length 8..11   options 12..15
 * </pre>
 *
 * <p>A frame to receive into is in the fill ring, the receive ring, or ours for as long as it is
 * copied; one to send is free, in the transmit ring, or in the completion ring. Each direction
 * belongs to one thread at a time.
 */
final class XdpSocket implements AutoCloseable {
  private static final int FRAME_BYTES = 4096;
  private static final long MEMORY_BYTES = 2L * XdpRing.SIZE * FRAME_BYTES;

  /** Longest frame that fits behind the room that the kernel keeps for programs. */
  static final int LONGEST = FRAME_BYTES - 256;

  private static final int XDP_UMEM_REG = 4;
  private static final int XDP_STATISTICS = 7;
  private static final int BIND_NEED_WAKEUP = 8;

  /** The kernel sends 32 frames a call where it copies them. */
  private static final int MAX_KICKS = XdpRing.SIZE / 32;

  private static final int BUSY_TRIES = 40;
  private static final long BUSY_PAUSE_NS = 5_000_000;

  private final NetdevCounters counters;
  private final int fd;
  private final boolean needWakeUp;
  private final long[] free = new long[XdpRing.SIZE];
  private int freeCount;
  private long memory;
  private XdpRing fill;
  private XdpRing received;
  private XdpReceiver receiver;
  private XdpRing sending;
  private XdpRing sent;

  XdpSocket(NetdevCounters counters, boolean needWakeUp) throws LinuxException {
    this.counters = counters;
    this.needWakeUp = needWakeUp;
    this.fd =
        (int) check(Sockets.socket(Sockets.AF_XDP, Sockets.SOCK_RAW, 0), "open an AF_XDP socket");
  }

  int fd() {
    return fd;
  }

  /** Makes memory and rings and joins a queue of the device. */
  void open(int ifindex, int queue, XdpMode mode) throws LinuxException {
    memory = check(Mmap.anonymous(MEMORY_BYTES), "get memory for AF_XDP frames");
    registerMemory();
    fill = new XdpRing(fd, XdpRing.Kind.FILL);
    sent = new XdpRing(fd, XdpRing.Kind.COMPLETION);
    received = new XdpRing(fd, XdpRing.Kind.RECEIVE);
    sending = new XdpRing(fd, XdpRing.Kind.TRANSMIT);
    receiver = new XdpReceiver(memory, FRAME_BYTES, received, fill, counters);
    for (int i = 0; i < XdpRing.SIZE; i++) {
      OffHeap.putLong(fill.free(), (long) i * FRAME_BYTES);
      fill.put();
      free[freeCount++] = (long) (XdpRing.SIZE + i) * FRAME_BYTES;
    }
    try (Arena arena = Arena.ofConfined()) {
      long address = arena.allocate(16, 8).address();
      OffHeap.putShort(address, (short) Sockets.AF_XDP);
      int flags = mode.bindFlags | (needWakeUp ? BIND_NEED_WAKEUP : 0);
      OffHeap.putShort(address + 2, (short) flags);
      OffHeap.putInt(address + 4, ifindex);
      OffHeap.putInt(address + 8, queue);
      check(bind(address), "bind an AF_XDP socket");
    }
  }

  /** The kernel gives a queue back a moment after the socket that had it was closed. */
  private int bind(long address) {
    int result = Sockets.bind(fd, address, 16);
    for (int i = 0; i < BUSY_TRIES && result == -Errno.EBUSY; i++) {
      LockSupport.parkNanos(BUSY_PAUSE_NS);
      result = Sockets.bind(fd, address, 16);
    }
    return result;
  }

  private void registerMemory() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long request = arena.allocate(32, 8).address();
      OffHeap.putLong(request, memory);
      OffHeap.putLong(request + 8, MEMORY_BYTES);
      OffHeap.putInt(request + 16, FRAME_BYTES);
      check(
          Sockets.setOption(fd, Sockets.SOL_XDP, XDP_UMEM_REG, request, 32),
          "register memory for AF_XDP frames");
    }
  }

  int receive(PacketBatch batch) {
    int count = receiver.receive(batch);
    if (count == 0 && needWakeUp && fill.needsWakeUp()) {
      Sockets.receive(fd, 0, 0, Sockets.MSG_DONTWAIT);
    }
    return count;
  }

  /** Queues a copy of a frame that needs no more work. */
  void add(Packet packet) {
    if (freeCount == 0) {
      flush();
    }
    long entry = freeCount == 0 ? 0 : sending.free();
    if (entry == 0) {
      counters.sendDropped(1);
      return;
    }
    long frame = free[--freeCount];
    OffHeap.copy(packet.address, memory + frame, packet.length);
    OffHeap.putLong(entry, frame);
    OffHeap.putInt(entry + 8, packet.length);
    OffHeap.putInt(entry + 12, 0);
    sending.put();
    counters.sent(packet.length);
  }

  /** Has the kernel send what is queued, and takes back what it has sent. */
  void flush() {
    for (int i = 0; i < MAX_KICKS && sending.isPending(); i++) {
      if (needWakeUp && !sending.needsWakeUp()) {
        break;
      }
      long result = Sockets.send(fd, 0, 0, Sockets.MSG_DONTWAIT);
      if (result < 0 && result != -Errno.EAGAIN) {
        break;
      }
    }
    for (long entry = sent.next(); entry != 0; entry = sent.next()) {
      free[freeCount++] = OffHeap.getLong(entry);
      sent.taken();
    }
  }

  /** Counters of the kernel's: dropped, bad entries of the fill and of the transmit ring, full. */
  long[] statistics() {
    try (Arena arena = Arena.ofConfined()) {
      long values = arena.allocate(48, 8).address();
      Sockets.getOption(fd, Sockets.SOL_XDP, XDP_STATISTICS, values, 48);
      long[] result = new long[4];
      for (int i = 0; i < result.length; i++) {
        result[i] = OffHeap.getLong(values + 8L * i);
      }
      return result;
    }
  }

  @Override
  public void close() {
    FileDescriptors.close(fd);
    for (XdpRing each : new XdpRing[] {fill, received, sending, sent}) {
      if (each != null) {
        each.close();
      }
    }
    if (memory > 0) {
      Mmap.unmap(memory, MEMORY_BYTES);
    }
  }
}
