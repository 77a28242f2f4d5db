package org.sluice.datapath.netdev.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;

/** How a packet socket comes to belong to a device; see packet(7). Stateless. */
final class PacketSocket {
  /** Every protocol, as {@code sll_protocol} has it. */
  static final int ALL_PROTOCOLS = 0x0300;

  private static final int PACKET_ADD_MEMBERSHIP = 1;
  private static final int PACKET_MR_PROMISC = 1;
  private static final int SOCKADDR_BYTES = 20;

  private PacketSocket() {}

  /**
   * Binds {@code socket} to a device, which takes in from then on whatever comes by.
   *
   * @param protocol of the frames to receive; 0 for none
   * @param subject what messages about a failure begin with
   */
  static void join(int socket, int ifindex, int protocol, String subject) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      long memory = arena.allocate(SOCKADDR_BYTES, 8).address();
      OffHeap.putInt(memory, ifindex);
      OffHeap.putShort(memory + 4, (short) PACKET_MR_PROMISC);
      check(
          Sockets.setOption(socket, Sockets.SOL_PACKET, PACKET_ADD_MEMBERSHIP, memory, 16),
          subject + "promiscuous mode");
      OffHeap.clear(memory, SOCKADDR_BYTES);
      OffHeap.putShort(memory, (short) Sockets.AF_PACKET);
      OffHeap.putShort(memory + 2, (short) protocol);
      OffHeap.putInt(memory + 4, ifindex);
      check(Sockets.bind(socket, memory, SOCKADDR_BYTES), subject + "bind a packet socket");
    }
    Sockets.takeError(socket); // An interface that is down says so at once; that is no failure.
  }
}
