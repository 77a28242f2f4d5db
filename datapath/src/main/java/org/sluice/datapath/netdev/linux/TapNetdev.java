package org.sluice.datapath.netdev.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import org.sluice.base.linux.Errno;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.Interfaces;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * An interface of our own in the kernel: what the host sends out of it is received here, what is
 * transmitted here the host receives. It exists as long as this object is open.
 *
 * <p>Each frame is a system call; unfinished checksums and uncut segments pass by a {@link
 * VirtioHeader}.
 */
public final class TapNetdev extends KernelNetdev {
  private static final String DEVICE = "/dev/net/tun";
  private static final long TUNSETIFF = 0x400454caL;
  private static final long TUNSETPERSIST = 0x400454cbL;
  private static final long TUNSETOFFLOAD = 0x400454d0L;
  private static final int IFF_TAP = 2;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;
  private static final int OFFLOAD_CHECKSUM = 1;
  private static final int OFFLOAD_TSO4_TSO6_ECN = 2 | 4 | 8;
  private static final int IOVECS_BYTES = 32;

  private final int fd;
  private final String type;
  private final Arena arena = Arena.ofShared();

  /** One for each direction: one thread may receive while another transmits. */
  private final VirtioHeader received = new VirtioHeader();

  private final VirtioHeader transmitted = new VirtioHeader();
  private final long headerMemory = arena.allocate(16, 8).address();
  private final long iovecs = arena.allocate(IOVECS_BYTES, 8).address();

  private TapNetdev(String name, String type, int fd) throws LinuxException {
    super(name);
    this.type = type;
    this.fd = fd;
    OffHeap.putLong(iovecs, headerMemory);
    OffHeap.putLong(iovecs + 8, VirtioHeader.BYTES);
  }

  /**
   * Makes the interface {@code name} in the calling thread's network namespace, down.
   *
   * @param type what {@code Interface.type} calls it: {@code internal} or {@code tap}
   * @throws LinuxException if the name is taken or too long or the privilege is lacking
   */
  public static TapNetdev create(String name, String type) throws LinuxException {
    checkName(name);
    int flags = FileDescriptors.O_RDWR | FileDescriptors.O_NONBLOCK;
    int fd = (int) check(FileDescriptors.open(DEVICE, flags), "open " + DEVICE);
    try (Arena scratch = Arena.ofConfined()) {
      long ifreq = scratch.allocate(Interfaces.IFREQ_BYTES, 8).address();
      Interfaces.putName(ifreq, name);
      OffHeap.putShort(ifreq + 16, (short) (IFF_TAP | IFF_NO_PI | IFF_VNET_HDR));
      check(FileDescriptors.ioctl(fd, TUNSETIFF, ifreq), "create TAP device " + name);
      // One that another program left behind goes with us, too.
      check(FileDescriptors.ioctl(fd, TUNSETPERSIST, 0), name + ": TUNSETPERSIST");
      int offload = OFFLOAD_CHECKSUM | OFFLOAD_TSO4_TSO6_ECN;
      check(FileDescriptors.ioctl(fd, TUNSETOFFLOAD, offload), name + ": TUNSETOFFLOAD");
      return new TapNetdev(name, type, fd);
    } catch (LinuxException e) {
      FileDescriptors.close(fd);
      throw e;
    }
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public int receive(PacketBatch batch) {
    int count = 0;
    while (!batch.isFull()) {
      Packet packet = batch.append();
      long start = packet.address - VirtioHeader.BYTES;
      long bytes = FileDescriptors.read(fd, start, packet.bufferEnd - start);
      if (bytes < VirtioHeader.BYTES) {
        batch.dropLast();
        if (bytes != -Errno.EAGAIN) {
          counters.receiveFailed();
        }
        break;
      }
      packet.length = (int) bytes - VirtioHeader.BYTES;
      received.read(start, packet);
      counters.received(packet.length);
      count++;
    }
    return count;
  }

  @Override
  public void transmit(Packet packet) {
    if (!transmitted.write(headerMemory, packet)) {
      counters.sendFailed();
      return;
    }
    OffHeap.putLong(iovecs + 16, packet.address);
    OffHeap.putLong(iovecs + 24, packet.length);
    long result = FileDescriptors.writev(fd, iovecs, 2);
    if (result >= 0) {
      counters.sent(packet.length);
    } else if (result == -Errno.EAGAIN || result == -Errno.ENOBUFS) {
      counters.sendDropped(1);
    } else {
      counters.sendFailed();
    }
  }

  /** Frames went out as they came. */
  @Override
  public void flush() {}

  @Override
  public int pollFd() {
    return fd;
  }

  @Override
  public boolean isCostlyToAsk() {
    return true;
  }

  /** Ends the interface too. */
  @Override
  public void close() {
    FileDescriptors.close(fd);
    arena.close();
    super.close();
  }
}
