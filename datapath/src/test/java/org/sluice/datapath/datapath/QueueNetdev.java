package org.sluice.datapath.datapath;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.Netdev;
import org.sluice.datapath.netdev.NetdevStatistics;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/** A device of byte arrays: what a test gives it arrives, what it is to send the test takes. */
class QueueNetdev implements Netdev {
  private final String name;
  private final Deque<byte[]> arriving = new ArrayDeque<>();
  private final List<byte[]> sent = new ArrayList<>();
  private int flushes;
  private boolean faulty;

  QueueNetdev(String name) {
    this.name = name;
  }

  synchronized void arrive(byte[] frame) {
    arriving.add(frame);
  }

  /** What was sent since this was asked last. */
  synchronized List<byte[]> takeSent() {
    List<byte[]> taken = List.copyOf(sent);
    sent.clear();
    return taken;
  }

  int flushes() {
    return flushes;
  }

  @Override
  public synchronized int receive(PacketBatch batch) {
    int count = 0;
    while (!batch.isFull() && !arriving.isEmpty()) {
      byte[] frame = arriving.poll();
      Packet packet = batch.append();
      OffHeap.copyIn(frame, 0, packet.address, frame.length);
      packet.length = frame.length;
      count++;
    }
    return count;
  }

  @Override
  public synchronized void transmit(Packet packet) {
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, packet.length);
    sent.add(frame);
  }

  /** From now on it breaks the rule that a device never throws, or keeps it again. */
  void setFaulty(boolean isFaulty) {
    faulty = isFaulty;
  }

  @Override
  public void flush() {
    flushes++;
    if (faulty) {
      throw new IllegalStateException("a fault of the device's");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String type() {
    return "dummy";
  }

  @Override
  public int pollFd() {
    return -1;
  }

  @Override
  public long macAddress() {
    return 0;
  }

  @Override
  public String setMacAddress(long mac) {
    return "a test device keeps its address";
  }

  @Override
  public int mtu() {
    return 1500;
  }

  @Override
  public String setMtu(int mtuBytes) {
    return "a test device keeps its MTU";
  }

  @Override
  public int ifindex() {
    return 0;
  }

  @Override
  public boolean adminUp() {
    return true;
  }

  @Override
  public String setAdminUp(boolean up) {
    return null;
  }

  @Override
  public boolean linkUp() {
    return true;
  }

  @Override
  public NetdevStatistics statistics() {
    return new NetdevStatistics(0, 0, 0, 0, 0, 0, 0, 0);
  }

  @Override
  public String error() {
    return null;
  }

  @Override
  public void close() {}
}
