package org.sluice.datapath.netdev;

import java.util.List;
import java.util.Map;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * A network device.
 *
 * <p>{@link #receive} is called by one packet thread; {@link #transmit} and {@link #flush} by one
 * at a time, which may be another one than receives; the rest by any. None of the three blocks or
 * throws: a device that fails counts the loss in its {@link #statistics} and says why in {@link
 * #error}.
 */
public interface Netdev extends AutoCloseable {
  /** The device's name as the kernel or the database has it. */
  String name();

  /**
   * The kind of device as {@code Interface.type} spells it: {@code system}, {@code internal},
   * {@code dummy} ...
   */
  String type();

  /**
   * Appends what has arrived to {@code batch} until there is nothing more or it is full. Sets only
   * what a device knows: the frame, its offload state; not the port number.
   *
   * @return frames appended
   */
  int receive(PacketBatch batch);

  /**
   * Queues a copy of the frame for sending; the caller may reuse the packet at once. A full queue
   * drops and counts.
   */
  void transmit(Packet packet);

  /** Sends what was queued. Called at the end of every batch that transmitted. */
  void flush();

  /**
   * A file descriptor that polls readable when there is something to receive, or -1 where there is
   * none.
   */
  int pollFd();

  /** Whether {@link #receive} is a system call even when there is nothing. */
  default boolean isCostlyToAsk() {
    return false;
  }

  /** The device's address, 48 bits. */
  long macAddress();

  /** Sets the device's address; returns null, or why it could not be done. */
  String setMacAddress(long mac);

  /** Largest payload of an Ethernet frame, in bytes. */
  int mtu();

  /** Sets the MTU; returns null, or why it could not be done. */
  String setMtu(int mtuBytes);

  /** The kernel's interface index, or 0 where the device has none. */
  int ifindex();

  /** Whether the device is administratively up. */
  boolean adminUp();

  /** Brings the device up or down; returns null, or why it could not be done. */
  String setAdminUp(boolean up);

  /** Whether there is carrier. */
  boolean linkUp();

  /** The numbers of the queues that frames can be sent by. */
  default List<Integer> queues() {
    return List.of();
  }

  /** Counters since the device was opened. */
  NetdevStatistics statistics();

  /** What else the device counts, by name, in the order in which it is told. */
  default Map<String, Long> customStatistics() {
    return Map.of();
  }

  /** What there is to say of the device in {@code Interface.status}. */
  default Map<String, String> status() {
    return Map.of();
  }

  /**
   * Null while the device works; otherwise one line that says what is wrong with it, for {@code
   * Interface.error}.
   */
  String error();

  @Override
  void close();
}
