package org.sluice.datapath.netdev.dummy;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.NetdevStatistics;
import org.sluice.datapath.netdev.SoftwareNetdev;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * A device made of two queues: what is {@linkplain #inject injected} is received, what is
 * transmitted can be {@linkplain #takeSent taken} or goes to a listener. Like a real one it carries
 * nothing while it is down, and nothing longer than its MTU.
 *
 * <p>Any thread may inject and take. It allocates for each frame.
 */
public final class DummyNetdev extends SoftwareNetdev {
  private static final int MAX_QUEUED = 100_000;

  /** An Ethernet header with one tag, which the MTU does not count. */
  private static final int HEADER_BYTES = 18;

  /** Gets a copy of every frame, on the packet thread. */
  @FunctionalInterface
  public interface Listener {
    /** A frame was received, or transmitted if {@code sent}. */
    void frame(boolean sent, byte[] frame);
  }

  private final BlockingQueue<byte[]> arriving = new LinkedBlockingQueue<>(MAX_QUEUED);
  private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>(MAX_QUEUED);
  private volatile Listener listener;
  private volatile Runnable wakeUp = () -> {};
  private volatile FrameRecorder recorder;
  private volatile PacketStream stream;
  private volatile long ipv4;
  private volatile boolean closed;
  private volatile boolean keeps = true;
  private volatile int headerChecksums;

  /** A device that {@code Interface.type} calls {@code type}. */
  public DummyNetdev(String name, String type, long mac) {
    super(name, type, mac);
  }

  public DummyNetdev(String name, long mac) {
    this(name, "dummy", mac);
  }

  /** Lets {@code frame} arrive; false if the device is down or far too much is waiting already. */
  public boolean inject(byte[] frame) {
    boolean taken =
        adminUp() && frame.length <= Packet.MAX_FRAME_BYTES && arriving.offer(frame.clone());
    wakeUp.run();
    return taken;
  }

  /** The frame that was transmitted first and not yet taken, or null. */
  public byte[] takeSent() {
    return sent.poll();
  }

  /** From now on {@code listener} gets the frames, and transmitted ones are no longer kept. */
  public void setListener(Listener listener) {
    this.listener = listener;
  }

  /** From now on transmitted frames are not kept to be taken. */
  public void keepNothing() {
    keeps = false;
  }

  /** What wakes the packet thread when something arrives. */
  public void setWakeUp(Runnable wakeUp) {
    this.wakeUp = wakeUp;
  }

  /**
   * What it says from now on of IPv4 headers' checksums in {@link Packet#offloadFlags}, as a device
   * does that has looked at them; 0 for nothing.
   */
  public void setHeaderChecksums(int flags) {
    headerChecksums = flags;
  }

  /** Whether what was injected has all been received. */
  public boolean hasReceivedAll() {
    return arriving.isEmpty();
  }

  /** Gives it an IPv4 address, for which it answers ARP requests that are sent out of it. */
  public void setIpv4(long address) {
    ipv4 = address;
  }

  /** Records frames from now on, or no more where {@code to} is null. */
  public void setRecorder(FrameRecorder to) throws IOException {
    FrameRecorder old = recorder;
    recorder = to;
    if (old != null) {
      old.close();
    }
  }

  /** The wire to other devices, or null. */
  public PacketStream stream() {
    return stream;
  }

  /** Sends frames over {@code to} as well, or no more where it is null. */
  public void setStream(PacketStream to) throws IOException {
    PacketStream old = stream;
    stream = to;
    if (old != null && old != to) {
      old.close();
    }
  }

  /** The default queue. */
  @Override
  public List<Integer> queues() {
    return List.of(0);
  }

  /** Only packets and bytes are counted: a dummy cannot tell what a real device would lose. */
  @Override
  public NetdevStatistics statistics() {
    NetdevStatistics all = super.statistics();
    return new NetdevStatistics(
        all.rxPackets(), all.rxBytes(), -1, -1, all.txPackets(), all.txBytes(), -1, -1);
  }

  @Override
  public Map<String, Long> customStatistics() {
    NetdevStatistics all = super.statistics();
    Map<String, Long> custom = new LinkedHashMap<>();
    custom.put("rx_custom_packets_1", all.rxPackets());
    custom.put("rx_custom_packets_2", all.rxPackets());
    custom.put("rx_q0_bytes", all.rxBytes());
    custom.put("rx_q0_packets", all.rxPackets());
    custom.put("tx_q0_bytes", all.txBytes());
    custom.put("tx_q0_packets", all.txPackets());
    return custom;
  }

  /** Whether it was closed. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    super.close();
    closed = true;
    try {
      setRecorder(null);
      setStream(null);
    } catch (IOException e) {
      fail(e.getMessage());
    }
  }

  @Override
  public int receive(PacketBatch batch) {
    int received = 0;
    while (!batch.isFull()) {
      byte[] frame = arriving.poll();
      if (frame == null) {
        break;
      }
      Packet packet = batch.append();
      packet.length = frame.length;
      packet.offloadFlags |= headerChecksums;
      OffHeap.copyIn(frame, 0, packet.address, frame.length);
      counters.received(frame.length);
      received++;
      tell(false, frame);
    }
    return received;
  }

  @Override
  public void transmit(Packet packet) {
    if (!adminUp() || (packet.segmentType == 0 && packet.length > mtu() + HEADER_BYTES)) {
      counters.sendDropped(1);
      return;
    }
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    counters.sent(frame.length);
    tell(true, frame);
    if (stream != null) {
      stream.send(frame);
    }
    if (ipv4 != 0) {
      byte[] reply = ArpReply.to(frame, (int) ipv4, macAddress());
      if (reply != null) {
        inject(reply);
      }
    }
    if (keeps && listener == null && !sent.offer(frame)) {
      counters.sendDropped(1);
    }
  }

  private void tell(boolean isSent, byte[] frame) {
    Listener to = listener;
    if (to != null) {
      to.frame(isSent, frame);
    }
    FrameRecorder record = recorder;
    if (record != null) {
      record.frame(isSent, frame);
    }
  }
}
