package org.sluice.base.stream;

import java.io.IOException;
import java.lang.foreign.Arena;
import org.sluice.base.linux.Errno;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;

/**
 * A listening socket that this process was started with, such as a service manager hands over. The
 * JDK has no way to take it, so its calls go to the C library, and its threads are platform
 * threads.
 */
final class DescriptorListener implements StreamListener {
  private final int fd;
  private volatile boolean closed;

  private DescriptorListener(int fd) {
    this.fd = fd;
  }

  /** Checks that {@code fd} is what it should be. */
  static DescriptorListener over(int fd) throws IOException {
    String name = "pfd:" + fd;
    int type = option(fd, Sockets.SO_TYPE);
    if (type < 0) {
      throw new IOException(name + ": not a socket (" + Errno.text(-type) + ")");
    }
    if (type != Sockets.SOCK_STREAM) {
      throw new IOException(name + ": not a stream socket (type " + type + ")");
    }
    if (option(fd, Sockets.SO_ACCEPTCONN) != 1) {
      throw new IOException(name + ": not a listening socket");
    }
    return new DescriptorListener(fd);
  }

  /** The option's value, or a negative errno. */
  private static int option(int fd, int option) {
    try (Arena arena = Arena.ofConfined()) {
      long value = arena.allocate(4, 4).address();
      int result = Sockets.getOption(fd, Sockets.SOL_SOCKET, option, value, 4);
      return result < 0 ? result : OffHeap.getInt(value);
    }
  }

  @Override
  public Stream accept() throws IOException {
    int peer = Sockets.accept(fd);
    while (peer == -Errno.EINTR && !closed) {
      peer = Sockets.accept(fd);
    }
    if (peer < 0) {
      throw new IOException(Errno.text(-peer));
    }
    return new DescriptorStream(SocketListener.nextUnixName(), peer);
  }

  @Override
  public int port() {
    return -1;
  }

  @Override
  public Thread.Builder threads() {
    return Thread.ofPlatform().daemon();
  }

  @Override
  public void close() {
    closed = true;
    Sockets.shutdown(fd);
  }
}
