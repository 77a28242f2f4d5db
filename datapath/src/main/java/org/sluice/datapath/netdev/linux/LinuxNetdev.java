package org.sluice.datapath.netdev.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import org.sluice.base.linux.FileDescriptors;
import org.sluice.base.linux.Interfaces;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevStatistics;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * An existing interface of the kernel's, through a packet socket: everything the interface receives
 * comes in, promiscuously, by a {@link ReceiveRing}; what is transmitted leaves by a {@link
 * SendQueue}. What the interface itself sends, and we with it, is not received.
 *
 * <p>Unfinished checksums and uncut segments pass in both directions by a {@link VirtioHeader}, so
 * that a veth's end to end traffic costs neither.
 */
public final class LinuxNetdev extends KernelNetdev {
  private static final int PACKET_STATISTICS = 6;
  private static final int PACKET_VNET_HDR = 15;
  private static final int PACKET_IGNORE_OUTGOING = 23;
  private static final int BUFFER_BYTES = 8 << 20;

  private final int socket;
  private final ReceiveRing ring;
  private final SendQueue queue;

  /** Packets the kernel found no slot for, so far; guarded by this. */
  private long ringDropped;

  /**
   * Opens the interface {@code name} of the calling thread's network namespace.
   *
   * @throws LinuxException if there is no such interface or the privilege is lacking
   */
  public LinuxNetdev(String name) throws LinuxException {
    super(name);
    int fd = Sockets.socket(Sockets.AF_PACKET, Sockets.SOCK_RAW | Sockets.SOCK_NONBLOCK, 0);
    if (fd < 0) {
      super.close();
      throw new LinuxException("could not open network device " + name, -fd);
    }
    this.socket = fd;
    boolean virtio = Sockets.setOption(fd, Sockets.SOL_PACKET, PACKET_VNET_HDR, 1) >= 0;
    ReceiveRing opened = null;
    try {
      opened = new ReceiveRing(fd, virtio, counters, name);
      configure();
    } catch (LinuxException e) {
      if (opened != null) {
        opened.close();
      }
      FileDescriptors.close(fd);
      super.close();
      throw e;
    }
    this.ring = opened;
    this.queue = new SendQueue(fd, virtio, counters);
  }

  private void configure() throws LinuxException {
    check(
        Sockets.setOption(socket, Sockets.SOL_PACKET, PACKET_IGNORE_OUTGOING, 1),
        name() + ": PACKET_IGNORE_OUTGOING (needs Linux 4.20)");
    Sockets.setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_RCVBUFFORCE, BUFFER_BYTES);
    Sockets.setOption(socket, Sockets.SOL_SOCKET, Sockets.SO_SNDBUFFORCE, BUFFER_BYTES);
    PacketSocket.join(socket, ifindex(), PacketSocket.ALL_PROTOCOLS, name() + ": ");
  }

  /** Whether what is sent here is received here. */
  public boolean isLoopback() {
    return hasFlag(Interfaces.IFF_LOOPBACK);
  }

  @Override
  public String type() {
    return "system";
  }

  @Override
  public int receive(PacketBatch batch) {
    return ring.receive(batch);
  }

  @Override
  public void transmit(Packet packet) {
    queue.add(packet);
  }

  @Override
  public void flush() {
    queue.flush();
  }

  @Override
  public int pollFd() {
    return socket;
  }

  @Override
  public NetdevStatistics statistics() {
    NetdevStatistics own = super.statistics();
    return new NetdevStatistics(
        own.rxPackets(),
        own.rxBytes(),
        own.rxErrors(),
        own.rxDropped() + ringDropped(),
        own.txPackets(),
        own.txBytes(),
        own.txErrors(),
        own.txDropped());
  }

  /** Adds what the kernel has dropped since it was last asked, which it then forgets. */
  private synchronized long ringDropped() {
    try (Arena arena = Arena.ofConfined()) {
      long memory = arena.allocate(8, 4).address();
      if (Sockets.getOption(socket, Sockets.SOL_PACKET, PACKET_STATISTICS, memory, 8) >= 0) {
        ringDropped += OffHeap.getInt(memory + 4) & 0xffff_ffffL;
      }
    }
    return ringDropped;
  }

  @Override
  public void close() {
    ring.close();
    queue.close();
    FileDescriptors.close(socket);
    super.close();
  }
}
