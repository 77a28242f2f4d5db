package org.sluice.base.linux;

import java.lang.foreign.Arena;
import org.sluice.base.memory.OffHeap;

/**
 * Calls on file descriptors. Each answers with a result, or with a negative errno. Stateless;
 * pointers are addresses.
 */
public final class FileDescriptors {
  public static final int O_RDONLY = 0;
  public static final int O_RDWR = 2;
  public static final int O_CREAT = 0x40;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;

  private static final LibcFunction OPEN = LibcFunction.variadic("open", 2);
  private static final LibcFunction CLOSE = LibcFunction.narrow("close");
  private static final LibcFunction READ = LibcFunction.wide("read");
  private static final LibcFunction WRITE = LibcFunction.wide("write");
  private static final LibcFunction WRITEV = LibcFunction.wide("writev");
  private static final LibcFunction IOCTL = LibcFunction.variadic("ioctl", 2);
  private static final LibcFunction POLL = LibcFunction.narrow("poll");
  private static final LibcFunction EVENTFD = LibcFunction.narrow("eventfd");
  private static final LibcFunction EPOLL_CREATE = LibcFunction.narrow("epoll_create1");
  private static final LibcFunction EPOLL_CTL = LibcFunction.narrow("epoll_ctl");

  private static final int EPOLL_CTL_ADD = 1;
  private static final int EPOLLIN = 1;
  private static final int EPOLL_EVENT_BYTES = 16;

  private FileDescriptors() {}

  /** Opens {@code path}; a new file gets mode 0660 less the umask. */
  public static int open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) OPEN.call(arena.allocateFrom(path).address(), flags | O_CLOEXEC, 0660);
    }
  }

  public static int close(int fd) {
    return (int) CLOSE.call(fd);
  }

  /** Reads up to {@code bytes} to {@code address}. */
  public static long read(int fd, long address, long bytes) {
    return READ.call(fd, address, bytes);
  }

  /** Writes up to {@code bytes} from {@code address}. */
  public static long write(int fd, long address, long bytes) {
    return WRITE.call(fd, address, bytes);
  }

  /** Writes {@code count} pieces; {@code iovec} is an array of (address, length) pairs. */
  public static long writev(int fd, long iovec, int count) {
    return WRITEV.call(fd, iovec, count);
  }

  /** {@code argument} is an address or a number, as {@code request} wants it. */
  public static int ioctl(int fd, long request, long argument) {
    return (int) IOCTL.call(fd, request, argument);
  }

  /** {@code pollfds} is an array of {fd: int, events: short, revents: short}. */
  public static int poll(long pollfds, int count, int timeoutMs) {
    return (int) POLL.call(pollfds, count, timeoutMs);
  }

  /** A non-blocking counter that polls readable while it is not 0. */
  public static int eventfd() {
    return (int) EVENTFD.call(0, O_NONBLOCK | O_CLOEXEC);
  }

  /** A group of descriptors, which polls readable while one of its members does. */
  public static int group() {
    return (int) EPOLL_CREATE.call(O_CLOEXEC);
  }

  /** Makes {@code member} one of {@code group}, until it is closed. */
  public static int join(int group, int member) {
    try (Arena arena = Arena.ofConfined()) {
      long event = arena.allocate(EPOLL_EVENT_BYTES, 8).address();
      OffHeap.putInt(event, EPOLLIN);
      return (int) EPOLL_CTL.call(group, EPOLL_CTL_ADD, member, event);
    }
  }
}
