package org.sluice.base.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import org.sluice.base.memory.OffHeap;

/**
 * Where an idle thread sleeps until one of its devices has something, or somebody wakes it.
 *
 * <pre>
 *   pollfd[0] = the wake-up eventfd    pollfd[i] = {fd 0..3, events 4..5, revents 6..7}
 * </pre>
 *
 * <p>{@link #wakeUp} may be called by any thread at any time, and is not lost if it comes before
 * {@link #await}; everything else belongs to the sleeping thread.
 */
public final class Poller implements AutoCloseable {
  private static final int POLLFD_BYTES = 8;
  private static final short POLLIN = 1;
  private static final int POLLERR = 8;
  private static final int POLLNVAL = 0x20;

  private final Arena arena = Arena.ofShared();
  private final int capacity;
  private final long pollfds;
  private final long counter;
  private final long one;
  private final int eventfd;
  private int count = 1;

  /** Makes one that can watch {@code maxFds} descriptors. */
  public Poller(int maxFds) throws LinuxException {
    this.capacity = maxFds + 1;
    this.eventfd = (int) check(FileDescriptors.eventfd(), "make an eventfd");
    this.pollfds = arena.allocate((long) POLLFD_BYTES * capacity, 8).address();
    this.counter = arena.allocate(8, 8).address();
    this.one = arena.allocate(8, 8).address();
    OffHeap.putLong(one, 1);
    put(0, eventfd);
  }

  /** Forgets all descriptors. */
  public void clear() {
    count = 1;
  }

  /** Watches {@code fd} too; a negative one is ignored. */
  public void watch(int fd) {
    if (fd < 0) {
      return;
    }
    if (count == capacity) {
      throw new IllegalStateException("a poller for " + (capacity - 1) + " descriptors is full");
    }
    put(count++, fd);
  }

  private void put(int index, int fd) {
    long pollfd = pollfds + (long) index * POLLFD_BYTES;
    OffHeap.putInt(pollfd, fd);
    OffHeap.putShort(pollfd + 4, POLLIN);
  }

  /**
   * Sleeps until a descriptor is readable, {@link #wakeUp}, or {@code timeoutMs} have passed; -1
   * waits for ever. A socket's pending error wakes once and is cleared; a descriptor that stays
   * broken is not watched any more.
   *
   * @return how many of the watched descriptors have something
   */
  public int await(int timeoutMs) {
    int ready = FileDescriptors.poll(pollfds, count, timeoutMs);
    if (ready <= 0) {
      return 0;
    }
    if (OffHeap.getShort(pollfds + 6) != 0) {
      FileDescriptors.read(eventfd, counter, 8);
      ready--;
    }
    for (int i = 1; i < count; i++) {
      long pollfd = pollfds + (long) i * POLLFD_BYTES;
      if ((OffHeap.getShort(pollfd + 6) & (POLLERR | POLLNVAL)) != 0) {
        muteIfBroken(pollfd);
      }
    }
    return ready;
  }

  /** An error that asking does not clear would end every sleep at once: stop watching then. */
  private static void muteIfBroken(long pollfd) {
    int fd = OffHeap.getInt(pollfd);
    int error = Sockets.takeError(fd);
    if (error == 0 || error == Errno.ENOTSOCK || error == Errno.EBADF) {
      OffHeap.putInt(pollfd, -1);
    }
  }

  /** Ends the current or the next {@link #await}. */
  public void wakeUp() {
    FileDescriptors.write(eventfd, one, 8);
  }

  /** Nobody may be in {@link #await}, or wake, any more. */
  @Override
  public void close() {
    FileDescriptors.close(eventfd);
    arena.close();
  }
}
