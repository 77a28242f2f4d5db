package org.sluice.datapath.datapath;

import java.util.concurrent.atomic.AtomicBoolean;
import org.sluice.datapath.netdev.Netdev;

/**
 * A device's numbered attachment to a datapath. Immutable but for the thread that it is given to,
 * and the lock under which packet threads transmit. Any thread may read.
 */
public final class Port {
  private final int number;
  private final Netdev netdev;
  private volatile PacketThread thread;
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

  /** The thread that receives from it, now or soon. Any thread may transmit. */
  public PacketThread thread() {
    return thread;
  }

  void giveTo(PacketThread other) {
    thread = other;
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
