package org.sluice.datapath.netdev.pcap;

import java.io.IOException;
import org.sluice.base.clock.Clock;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.netdev.SoftwareNetdev;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * A device that receives what a capture file holds, each frame when its time has come, and writes
 * what it transmits to another.
 *
 * <p>The clock's monotonic time is the captures' time: nanoseconds since 1970. Whoever replays sets
 * it to the earliest {@link #nextArrivalNs} of all devices, again and again, until that is {@link
 * Long#MAX_VALUE}. Belongs to the packet thread.
 */
public final class PcapNetdev extends SoftwareNetdev {
  private final Clock clock;
  private final PcapReader reader;
  private final PcapWriter writer;
  private PcapReader.Frame next;

  /** Makes a device of two files, either of which may be null; both are closed with it. */
  public PcapNetdev(String name, PcapReader reader, PcapWriter writer, Clock clock) {
    super(name, "pcap", 0);
    this.clock = clock;
    this.reader = reader;
    this.writer = writer;
    advance();
  }

  private void advance() {
    try {
      next = reader == null ? null : reader.next();
    } catch (IOException e) {
      next = null;
      fail(e.getMessage());
      counters.receiveFailed();
    }
  }

  /** When the next frame arrives; {@link Long#MAX_VALUE} if there is none any more. */
  public long nextArrivalNs() {
    return next == null ? Long.MAX_VALUE : next.timeNs();
  }

  @Override
  public int receive(PacketBatch batch) {
    int received = 0;
    long nowNs = clock.nowNs();
    while (!batch.isFull() && next != null && next.timeNs() <= nowNs) {
      byte[] frame = next.bytes();
      if (frame.length <= Packet.MAX_FRAME_BYTES) {
        Packet packet = batch.append();
        packet.length = frame.length;
        OffHeap.copyIn(frame, 0, packet.address, frame.length);
        counters.received(frame.length);
        received++;
      } else {
        counters.receiveDropped(1);
      }
      advance();
    }
    return received;
  }

  @Override
  public void transmit(Packet packet) {
    if (writer == null) {
      counters.sendDropped(1);
      return;
    }
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    try {
      writer.write(clock.nowNs(), frame);
      counters.sent(frame.length);
    } catch (IOException e) {
      fail(e.getMessage());
      counters.sendFailed();
    }
  }

  @Override
  public void close() {
    super.close();
    try {
      if (reader != null) {
        reader.close();
      }
      if (writer != null) {
        writer.close();
      }
    } catch (IOException e) {
      fail(e.getMessage());
    }
  }
}
