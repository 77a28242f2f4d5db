package org.sluice.base.linux;

import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import org.sluice.base.memory.OffHeap;

/**
 * Sends datagrams to a Unix-domain socket, which may come, go and come again. Never waits: what the
 * receiver has no room for is lost. Used by one thread at a time, for the life of the process.
 */
public final class UnixDatagrams {
  private static final int MAX_PATH_BYTES = 107;
  private static final int PATH_OFFSET = 2;

  private final int fd;
  private final long address;
  private final int addressBytes;

  private UnixDatagrams(int fd, byte[] path) {
    this.fd = fd;
    this.addressBytes = PATH_OFFSET + path.length + 1;
    this.address = OffHeap.allocate(addressBytes, 8);
    OffHeap.putShort(address, (short) Sockets.AF_UNIX);
    OffHeap.copyIn(path, 0, address + PATH_OFFSET, path.length);
    OffHeap.putByte(address + PATH_OFFSET + path.length, (byte) 0);
  }

  /** Datagrams to the socket {@code path}, whether or not there is one yet. */
  public static UnixDatagrams to(String path) throws LinuxException {
    byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
    if (bytes.length == 0 || bytes.length > MAX_PATH_BYTES) {
      throw new LinuxException("connect " + path, Errno.EINVAL);
    }
    int type = Sockets.SOCK_DGRAM | Sockets.SOCK_NONBLOCK;
    long fd = LinuxException.check(Sockets.socket(Sockets.AF_UNIX, type, 0), "socket");
    return new UnixDatagrams((int) fd, bytes);
  }

  /** Sends one datagram, or loses it. */
  public void send(byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      long memory = arena.allocate(bytes.length).address();
      OffHeap.copyIn(bytes, 0, memory, bytes.length);
      Sockets.sendTo(fd, memory, bytes.length, address, addressBytes);
    }
  }
}
