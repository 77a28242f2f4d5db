package org.sluice.datapath.netdev.linux;

import static org.sluice.base.linux.LinuxException.check;

import java.lang.foreign.Arena;
import java.lang.invoke.VarHandle;
import org.sluice.base.linux.Errno;
import org.sluice.base.linux.LinuxException;
import org.sluice.base.linux.Mmap;
import org.sluice.base.linux.Sockets;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevCounters;
import org.sluice.datapath.packet.EtherType;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * The ring of slots in memory shared with the kernel that a packet socket receives into
 * (TPACKET_V2): no system call per frame, and none to find that there is nothing.
 *
 * <p><b>Slot size.</b> Local senders hand over TCP segments of up to 64 KiB uncut, yet slots for
 * that would take 64 MiB for every thousand. Slots here hold an ordinary frame. Of a longer one the
 * kernel puts the start in the slot, marks it COPY, and queues the whole on the socket, in the
 * order of the slots; it costs a system call, which 64 KiB are worth.
 *
 * <p><b>Version.</b> TPACKET_V3 packs frames of any length, but shows them only when a block is
 * full or a timer of at least one tick (up to 10 ms) fires: too late for a switch.
 *
 * <pre>
 *   slot  status 0..3   length 4..7   captured 8..11   mac at 12..13   net at 14..15
 *         seconds 16    nanoseconds 20   VLAN TCI 24..25   VLAN TPID 26..27   ...
 *         virtio header 10 bytes, frame (at "mac at")
 * </pre>
 *
 * <p>The kernel owns a slot while its status is 0, we own it otherwise. Belongs to the device's
 * packet thread.
 */
final class ReceiveRing {
  private static final int SLOT_BYTES = 2048;
  private static final int BLOCK_BYTES = 65536;
  private static final int BLOCKS = 32;
  private static final int SLOTS = BLOCKS * (BLOCK_BYTES / SLOT_BYTES);

  private static final int PACKET_RX_RING = 5;
  private static final int PACKET_COPY_THRESH = 7;
  private static final int PACKET_VERSION = 10;
  private static final int TPACKET_V2 = 1;

  private static final int STATUS_KERNEL = 0;
  private static final int STATUS_USER = 1;
  private static final int STATUS_COPY = 2;
  private static final int STATUS_CHECKSUM_NOT_READY = 8;
  private static final int STATUS_VLAN_VALID = 0x10;
  private static final int STATUS_VLAN_TPID_VALID = 0x40;

  private final int socket;
  private final boolean virtio;
  private final NetdevCounters counters;
  private final VirtioHeader header = new VirtioHeader();
  private final long memory;
  private int next;

  /** Sets the ring up on a packet socket that is not bound yet. */
  ReceiveRing(int socket, boolean virtio, NetdevCounters counters, String name)
      throws LinuxException {
    this.socket = socket;
    this.virtio = virtio;
    this.counters = counters;
    option(PACKET_VERSION, TPACKET_V2, name + ": TPACKET_V2");
    option(PACKET_COPY_THRESH, 1, name + ": PACKET_COPY_THRESH");
    try (Arena arena = Arena.ofConfined()) {
      long request = arena.allocate(16, 4).address();
      OffHeap.putInt(request, BLOCK_BYTES);
      OffHeap.putInt(request + 4, BLOCKS);
      OffHeap.putInt(request + 8, SLOT_BYTES);
      OffHeap.putInt(request + 12, SLOTS);
      check(
          Sockets.setOption(socket, Sockets.SOL_PACKET, PACKET_RX_RING, request, 16),
          name + ": set up a receive ring");
    }
    this.memory =
        check(Mmap.shared(socket, (long) BLOCKS * BLOCK_BYTES), name + ": map the receive ring");
  }

  private void option(int option, int value, String attempted) throws LinuxException {
    check(Sockets.setOption(socket, Sockets.SOL_PACKET, option, value), attempted);
  }

  /** Appends what has arrived; returns how many. */
  int receive(PacketBatch batch) {
    int received = 0;
    while (!batch.isFull()) {
      long slot = memory + (long) next * SLOT_BYTES;
      int status = OffHeap.getInt(slot);
      if ((status & STATUS_USER) == 0) {
        break;
      }
      VarHandle.acquireFence();
      Packet packet = batch.append();
      if (take(slot, status, packet)) {
        counters.received(packet.length);
        received++;
      } else {
        counters.receiveDropped(1);
        batch.dropLast();
      }
      VarHandle.releaseFence();
      OffHeap.putInt(slot, STATUS_KERNEL);
      next = next + 1 == SLOTS ? 0 : next + 1;
    }
    return received;
  }

  private boolean take(long slot, int status, Packet packet) {
    boolean whole =
        (status & STATUS_COPY) != 0 ? takeFromQueue(packet) : takeFromSlot(slot, packet);
    if (!whole) {
      return false;
    }
    if ((status & STATUS_VLAN_VALID) != 0) {
      restoreTag(slot, status, packet);
    }
    if (!virtio && (status & STATUS_CHECKSUM_NOT_READY) != 0) {
      header.completeChecksum(packet);
    }
    return true;
  }

  private boolean takeFromSlot(long slot, Packet packet) {
    int length = OffHeap.getInt(slot + 4);
    if (OffHeap.getInt(slot + 8) != length) {
      return false;
    }
    long frame = slot + (OffHeap.getShort(slot + 12) & 0xffff);
    packet.length = length;
    OffHeap.copy(frame, packet.address, length);
    if (virtio) {
      header.read(frame - VirtioHeader.BYTES, packet);
    }
    return true;
  }

  private boolean takeFromQueue(Packet packet) {
    int before = virtio ? VirtioHeader.BYTES : 0;
    long room = packet.bufferEnd - packet.address + before;
    long start = packet.address - before;
    long bytes = Sockets.receive(socket, start, room, Sockets.MSG_DONTWAIT | Sockets.MSG_TRUNC);
    if (bytes == -Errno.ENETDOWN) { // A pending error is told once, and in place of the data.
      bytes = Sockets.receive(socket, start, room, Sockets.MSG_DONTWAIT | Sockets.MSG_TRUNC);
    }
    if (bytes < before || bytes > room) {
      return false;
    }
    packet.length = (int) bytes - before;
    if (virtio) {
      header.read(start, packet);
    }
    return true;
  }

  /** Puts back the VLAN tag, which the kernel has taken out of the frame. */
  private static void restoreTag(long slot, int status, Packet packet) {
    boolean typed = (status & STATUS_VLAN_TPID_VALID) != 0;
    int tpid = typed ? OffHeap.getShort(slot + 26) & 0xffff : EtherType.VLAN;
    int tci = OffHeap.getShort(slot + 24) & 0xffff;
    long start = packet.address - 4;
    OffHeap.copy(packet.address, start, 12);
    OffHeap.putShortBe(start + 12, tpid);
    OffHeap.putShortBe(start + 14, tci);
    packet.address = start;
    packet.length += 4;
  }

  void close() {
    Mmap.unmap(memory, (long) BLOCKS * BLOCK_BYTES);
  }
}
