package org.sluice.datapath.datapath;

import java.util.Arrays;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.datapath.packet.DropReason;
import org.sluice.datapath.packet.Packet;

/**
 * Where one packet thread sends packets to: ports by number, and which of them have frames queued
 * since the last {@link #flush}. Owned by that thread; devices are shared with the other threads
 * and therefore locked for each frame, unless there is only one thread.
 */
final class OutputTable {
  private final ThreadCounters counters;

  /** Null where there are no hooks. */
  private final HookedPath hooks;

  private boolean shared;
  private Netdev[] devices = new Netdev[16];
  private Port[] ports = new Port[16];
  private boolean[] queued = new boolean[16];
  private int[] touched = new int[16];
  private int touchedCount;

  OutputTable(ThreadCounters counters, boolean shared, HookedPath hooks) {
    this.counters = counters;
    this.hooks = hooks;
    this.shared = shared;
  }

  /** Whether devices are locked from now on, because other threads transmit too. */
  void share(boolean isShared) {
    shared = isShared;
  }

  boolean has(Port port) {
    return port.number() < ports.length && ports[port.number()] == port;
  }

  void add(Port port) {
    int number = port.number();
    if (number >= devices.length) {
      int size = Integer.highestOneBit(number) * 2;
      devices = Arrays.copyOf(devices, size);
      ports = Arrays.copyOf(ports, size);
      queued = Arrays.copyOf(queued, size);
      touched = Arrays.copyOf(touched, size);
    }
    if (hooks != null) {
      hooks.know(port);
    }
    devices[number] = port.netdev();
    ports[number] = port;
  }

  void remove(Port port) {
    if (has(port)) {
      devices[port.number()] = null;
      ports[port.number()] = null;
    }
  }

  void transmit(int number, Packet packet) {
    if (number < 0 || number >= devices.length || devices[number] == null) {
      counters.drop(DropReason.INVALID_PORT);
      return;
    }
    if (hooks != null && !hooks.leaving(number, packet)) {
      return;
    }
    if (!queued[number]) {
      queued[number] = true;
      touched[touchedCount++] = number;
    }
    if (shared) {
      transmitLocked(ports[number], packet);
    } else {
      devices[number].transmit(packet);
    }
  }

  private static void transmitLocked(Port port, Packet packet) {
    port.lock();
    try {
      port.netdev().transmit(packet);
    } finally {
      port.unlock();
    }
  }

  /** Has every device that got frames send them; one that fails keeps none of the others. */
  void flush() {
    while (touchedCount > 0) {
      int number = touched[--touchedCount];
      queued[number] = false;
      Port port = ports[number];
      if (port != null) {
        flush(port);
      }
    }
  }

  private void flush(Port port) {
    if (!shared) {
      port.netdev().flush();
      return;
    }
    port.lock();
    try {
      port.netdev().flush();
    } finally {
      port.unlock();
    }
  }
}
