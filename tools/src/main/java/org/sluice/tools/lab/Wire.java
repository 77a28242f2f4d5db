package org.sluice.tools.lab;

import static org.sluice.base.linux.LinuxException.check;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.sluice.base.clock.Clock;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.Netlink;
import org.sluice.base.linux.NetworkNamespace;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;

/**
 * A host's end of the cable, seen raw: every frame that crosses it is kept, and frames can be put
 * on it that no socket would send.
 *
 * <pre>
 *   struct sockaddr_ll, 20 bytes: family 0 (short), protocol 2 (short, network order), ifindex 4 (int), ...
 *   struct timespec, 16 bytes:    seconds 0 (long), nanoseconds 8 (long)
 *   struct pollfd, 8 bytes:       fd 0 (int), events 4 (short), revents 6 (short)
 * </pre>
 *
 * <p>A thread of its own reads; the list of frames is guarded by this object's monitor.
 */
final class Wire implements AutoCloseable {
  private static final int MAX_FRAME_BYTES = 70_000;
  private static final int MAX_FRAMES = 20_000;
  private static final int ALL_PROTOCOLS = 3;
  private static final int NO_PROTOCOL = 0;
  private static final int POLL_MS = 50;
  private static final short POLLIN = 1;

  private static final long SIOCGSTAMPNS = 0x8907;

  /**
   * A frame that crossed the wire.
   *
   * @param outgoing whether this host sent it
   * @param atNs when the kernel saw it, in nanoseconds since 1970: comparable between hosts
   */
  record Crossing(Frame frame, boolean outgoing, long atNs) {}

  private final Clock clock;
  private final long mac;
  private final int fd;
  private final int sendFd;
  private final Arena arena = Arena.ofShared();
  private final long buffer = arena.allocate(MAX_FRAME_BYTES, 64).address();
  private final List<Crossing> crossings = new ArrayList<>();
  private final Thread reader;
  private volatile boolean closed;

  /** Opens the device of a host whose address is {@code mac}. */
  Wire(NetworkNamespace namespace, String device, long mac, Clock clock) throws IOException {
    this.clock = clock;
    this.mac = mac;
    this.fd = namespace.call(() -> open(device, ALL_PROTOCOLS));
    this.sendFd = namespace.call(() -> open(device, NO_PROTOCOL));
    stampNs();
    this.reader = Thread.ofPlatform().daemon().name("wire " + namespace.name()).start(this::read);
  }

  private static int open(String device, int ofProtocol) throws IOException {
    String attempted = "open a raw socket on " + device;
    int type = Sockets.SOCK_RAW | Sockets.SOCK_NONBLOCK | Sockets.SOCK_CLOEXEC;
    int protocol = Short.toUnsignedInt(Short.reverseBytes((short) ofProtocol));
    int fd = (int) check(Sockets.socket(Sockets.AF_PACKET, type, protocol), attempted);
    try (Arena scratch = Arena.ofConfined();
        Netlink netlink = Netlink.open()) {
      long address = scratch.allocate(20, 8).address();
      OffHeap.putShort(address, (short) Sockets.AF_PACKET);
      OffHeap.putShortBe(address + 2, ofProtocol);
      OffHeap.putInt(address + 4, netlink.linkIndex(device));
      check(Sockets.bind(fd, address, 20), attempted);
    }
    return fd;
  }

  private void read() {
    try (Arena scratch = Arena.ofConfined()) {
      long pollfd = scratch.allocate(8, 8).address();
      OffHeap.putInt(pollfd, fd);
      OffHeap.putShort(pollfd + 4, POLLIN);
      while (!closed) {
        FileDescriptors.poll(pollfd, 1, POLL_MS);
        readAll();
      }
    }
    FileDescriptors.close(fd);
    FileDescriptors.close(sendFd);
    arena.close();
  }

  private void readAll() {
    long count;
    while (!closed && (count = Sockets.receive(fd, buffer, MAX_FRAME_BYTES, 0)) > 0) {
      byte[] bytes = new byte[(int) count];
      OffHeap.copyOut(buffer, bytes, 0, bytes.length);
      Frame frame = new Frame(bytes);
      keep(new Crossing(frame, frame.sourceMac() == mac, stampNs()));
    }
  }

  /** When the frame received last crossed. Asking for the first time has the kernel take stamps. */
  private long stampNs() {
    try (Arena scratch = Arena.ofConfined()) {
      long timespec = scratch.allocate(16, 8).address();
      FileDescriptors.ioctl(fd, SIOCGSTAMPNS, timespec);
      return OffHeap.getLong(timespec) * 1_000_000_000L + OffHeap.getLong(timespec + 8);
    }
  }

  private synchronized void keep(Crossing crossing) {
    if (crossings.size() < MAX_FRAMES) {
      crossings.add(crossing);
    }
    notifyAll();
  }

  /** Puts a frame on the wire. The socket that reads sees it, since it is another one. */
  void send(Frame frame) throws IOException {
    try (Arena scratch = Arena.ofConfined()) {
      long memory = scratch.allocate(frame.bytes().length, 8).address();
      OffHeap.copyIn(frame.bytes(), 0, memory, frame.bytes().length);
      check(Sockets.send(sendFd, memory, frame.bytes().length, 0), "send a raw frame");
    }
  }

  /** A point in the list of frames; what comes later is newer. */
  synchronized int mark() {
    return crossings.size();
  }

  /** What crossed since {@code mark}. */
  synchronized List<Crossing> since(int mark) {
    return List.copyOf(crossings.subList(mark, crossings.size()));
  }

  /**
   * The first crossing since {@code mark} that is {@code wanted}; null if none came within the
   * time.
   */
  synchronized Crossing await(int mark, Predicate<Crossing> wanted, long timeoutMs)
      throws InterruptedException {
    long deadlineNs = clock.nowNs() + timeoutMs * 1_000_000;
    int next = mark;
    while (true) {
      for (; next < crossings.size(); next++) {
        if (wanted.test(crossings.get(next))) {
          return crossings.get(next);
        }
      }
      long leftMs = (deadlineNs - clock.nowNs()) / 1_000_000;
      if (leftMs <= 0) {
        return null;
      }
      wait(leftMs);
    }
  }

  @Override
  public void close() {
    closed = true;
    try {
      reader.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
