package org.sluice.datapath.netdev.dummy;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.sluice.base.memory.OffHeap;
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

  /** What wakes the packet thread when something arrives. */
  public void setWakeUp(Runnable wakeUp) {
    this.wakeUp = wakeUp;
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
      OffHeap.copyIn(frame, 0, packet.address, frame.length);
      counters.received(frame.length);
      received++;
      Listener to = listener;
      if (to != null) {
        to.frame(false, frame);
      }
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
    Listener to = listener;
    if (to != null) {
      to.frame(true, frame);
    } else if (!sent.offer(frame)) {
      counters.sendDropped(1);
    }
  }
}
