package org.sluice.datapath.hook;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.packet.Packet;

/**
 * Frames that hooks have queued for a program, which sends those that may go on with {@link
 * org.sluice.datapath.datapath.Datapath#execute}. Any thread may call any method.
 */
public final class HookQueue {
  /** Frames that wait at most. */
  public static final int CAPACITY = 1024;

  /** A frame and the datapath port that it came in by. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Queued(int inPort, byte[] frame) {}

  private final BlockingQueue<Queued> waiting = new ArrayBlockingQueue<>(CAPACITY);
  private final LongAdder lost = new LongAdder();

  /** Puts a copy in; lost and counted where the queue is full. */
  void add(Packet packet) {
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    if (!waiting.offer(new Queued(packet.inPort, frame))) {
      lost.increment();
    }
  }

  /** The frame that has waited longest; null if there is none. */
  public Queued poll() {
    return waiting.poll();
  }

  /** Frames that came when the queue was full. */
  public long lost() {
    return lost.sum();
  }
}
