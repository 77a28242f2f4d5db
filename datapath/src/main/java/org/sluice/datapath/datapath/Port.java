package org.sluice.datapath.datapath;

import java.util.concurrent.atomic.AtomicBoolean;
import org.sluice.datapath.netdev.Netdev;

/**
 * A device's numbered attachment to a datapath. Immutable but for the lock under which packet
 * threads transmit.
 */
public final class Port {
  private final int number;
  private final Netdev netdev;
  private final PacketThread thread;
  private final AtomicBoolean transmitting = new AtomicBoolean();

  Port(int number, Netdev netdev, PacketThread thread) {
    this.number = number;
    this.netdev = netdev;
    this.thread = thread;
  }

  /** The number that {@link DpAction.Output} and {@code in_port} mean. */
  public int number() {
    return number;
  }

  /** The device's name. */
  public String name() {
    return netdev.name();
  }

  /** The device. */
  public Netdev netdev() {
    return netdev;
  }

  /** The thread that receives from it. Any thread may transmit. */
  public PacketThread thread() {
    return thread;
  }

  /** Waits for the other packet threads to be done transmitting here: a few nanoseconds. */
  void lock() {
    while (!transmitting.compareAndSet(false, true)) {
      Thread.onSpinWait();
    }
  }

  void unlock() {
    transmitting.setRelease(false);
  }

  @Override
  public String toString() {
    return number + ":" + name();
  }
}
