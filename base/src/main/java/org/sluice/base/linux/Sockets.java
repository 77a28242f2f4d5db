package org.sluice.base.linux;

import java.lang.foreign.Arena;
import org.sluice.base.memory.OffHeap;

/**
 * Calls on sockets. Each answers with a result, or with a negative errno. Stateless; pointers are
 * addresses.
 */
public final class Sockets {
  public static final int AF_UNIX = 1;
  public static final int AF_INET = 2;
  public static final int AF_NETLINK = 16;
  public static final int AF_PACKET = 17;
  public static final int AF_XDP = 44;

  public static final int SOCK_STREAM = 1;
  public static final int SOCK_DGRAM = 2;
  public static final int SOCK_RAW = 3;
  public static final int SOCK_NONBLOCK = 0x800;
  public static final int SOCK_CLOEXEC = 0x80000;

  public static final int SOL_SOCKET = 1;
  public static final int SOL_PACKET = 263;
  public static final int SOL_XDP = 283;
  public static final int SO_TYPE = 3;
  public static final int SO_ERROR = 4;
  public static final int SO_SNDBUF = 7;
  public static final int SO_RCVBUF = 8;
  public static final int SO_ACCEPTCONN = 30;
  public static final int SO_SNDBUFFORCE = 32;
  public static final int SO_RCVBUFFORCE = 33;

  public static final int MSG_DONTWAIT = 0x40;
  public static final int MSG_TRUNC = 0x20;
  public static final int MSG_NOSIGNAL = 0x4000;

  private static final int SHUT_RDWR = 2;

  private static final LibcFunction SOCKET = LibcFunction.narrow("socket");
  private static final LibcFunction BIND = LibcFunction.narrow("bind");
  private static final LibcFunction SETSOCKOPT = LibcFunction.narrow("setsockopt");
  private static final LibcFunction GETSOCKOPT = LibcFunction.narrow("getsockopt");
  private static final LibcFunction ACCEPT4 = LibcFunction.narrow("accept4");
  private static final LibcFunction SHUTDOWN = LibcFunction.narrow("shutdown");
  private static final LibcFunction SENDTO = LibcFunction.wide("sendto");
  private static final LibcFunction RECVFROM = LibcFunction.wide("recvfrom");
  private static final LibcFunction SENDMMSG = LibcFunction.narrow("sendmmsg");

  private Sockets() {}

  /** A new socket, closed on exec. */
  public static int socket(int family, int type, int protocol) {
    return (int) SOCKET.call(family, type | SOCK_CLOEXEC, protocol);
  }

  public static int bind(int fd, long address, int addressBytes) {
    return (int) BIND.call(fd, address, addressBytes);
  }

  /** Waits for a peer; returns its descriptor, closed on exec. */
  public static int accept(int fd) {
    return (int) ACCEPT4.call(fd, 0, 0, SOCK_CLOEXEC);
  }

  /** Ends both directions, and whoever waits in a call on the socket. */
  public static int shutdown(int fd) {
    return (int) SHUTDOWN.call(fd, SHUT_RDWR, 0);
  }

  public static int setOption(int fd, int level, int option, long value, int valueBytes) {
    return (int) SETSOCKOPT.call(fd, level, option, value, valueBytes, 0);
  }

  /** Sets an option that is an {@code int}. */
  public static int setOption(int fd, int level, int option, int value) {
    try (Arena arena = Arena.ofConfined()) {
      long memory = arena.allocate(4, 4).address();
      OffHeap.putInt(memory, value);
      return setOption(fd, level, option, memory, 4);
    }
  }

  /** Fills {@code valueBytes} at {@code value}. */
  public static int getOption(int fd, int level, int option, long value, int valueBytes) {
    try (Arena arena = Arena.ofConfined()) {
      long length = arena.allocate(4, 4).address();
      OffHeap.putInt(length, valueBytes);
      return (int) GETSOCKOPT.call(fd, level, option, value, length, 0);
    }
  }

  /** The socket's pending error as a positive errno, which it so forgets; 0 if there is none. */
  public static int takeError(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      long value = arena.allocate(4, 4).address();
      int result = getOption(fd, SOL_SOCKET, SO_ERROR, value, 4);
      return result < 0 ? -result : OffHeap.getInt(value);
    }
  }

  /** Sends to where the socket is bound or connected. */
  public static long send(int fd, long from, long bytes, int flags) {
    return SENDTO.call(fd, from, bytes, flags);
  }

  /** Sends to the given address. */
  public static long sendTo(int fd, long from, long bytes, long address, int addressBytes) {
    return SENDTO.call(fd, from, bytes, 0, address, addressBytes);
  }

  /** Receives up to {@code bytes} to {@code to}. */
  public static long receive(int fd, long to, long bytes, int flags) {
    return RECVFROM.call(fd, to, bytes, flags);
  }

  /**
   * Sends {@code count} messages; returns how many went, or a negative errno if not even the first.
   *
   * <pre>
   *   struct mmsghdr, 64 bytes: name 0, name length 8 (int), iovec 16, iovec count 24,
   *                             control 32, control length 40, flags 48 (int), sent bytes 56 (int)
   * </pre>
   */
  public static int sendMany(int fd, long mmsghdrs, int count, int flags) {
    return (int) SENDMMSG.call(fd, mmsghdrs, count, flags);
  }
}
