package org.sluice.bench.connections;

import java.util.Arrays;
import org.sluice.base.memory.OffHeap;
import org.sluice.bench.Traffic;
import org.sluice.datapath.netdev.SoftwareNetdev;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * Receives the packets of a window of UDP flows, questions and answers, that moves on: flows enter
 * it at a steady rate, those that leave are never heard of again, and each in it is heard of in
 * turn. At first it is filled as fast as packets are taken.
 *
 * <pre>
 *   flow number   ... expired | left alone | window: heard of in turn | new ...
 *                                          first                    next
 * </pre>
 *
 * <p>Owned by the packet thread, but for {@link #isFull}, {@link #begun} and {@link #stop}.
 */
final class ChurnNetdev extends SoftwareNetdev {
  private static final int FRAME_BYTES = 60;
  private static final int IP_CHECKSUM = 24;
  private static final int IP = 14;
  private static final int SOURCE = 26;
  private static final int DESTINATION = 30;
  private static final int PORTS = 34;
  private static final int UDP_CHECKSUM = 40;
  private static final int CLIENTS = 0x0a00_0000;
  private static final int SERVER = 0x0b00_0001;
  private static final int FIRST_PORT = 1024;
  private static final int SERVICE = 53;
  private static final double NS_PER_SECOND = 1e9;

  /** How much of a second may be made up for at once, where the thread was kept from its work. */
  private static final double MOST_BEHIND = 0.1;

  /** A frame without addresses and sums: UDP's may be left out. */
  private final byte[] template = Traffic.udp(0);

  /** Sum of the template's IPv4 header. */
  private final int headerSum;

  private final int size;
  private final double newPerNs;
  private final double repeatsPerNs;
  private int first;
  private volatile int next;
  private int repeated;
  private boolean repeatsAnswer;
  private long earnedNs;
  private double newDue;
  private double repeatsDue;
  private volatile boolean isFull;
  private volatile boolean isStopped;

  /**
   * A window of {@code size} flows.
   *
   * @param rate flows that enter it in a second
   * @param turnSeconds after which each flow in it has been heard of again
   */
  ChurnNetdev(String name, long mac, int size, double rate, double turnSeconds) {
    super(name, "churn", mac);
    Arrays.fill(template, IP_CHECKSUM, IP_CHECKSUM + 2, (byte) 0);
    Arrays.fill(template, UDP_CHECKSUM, UDP_CHECKSUM + 2, (byte) 0);
    int sum = 0;
    for (int at = IP; at < SOURCE; at += 2) {
      sum += ((template[at] & 0xff) << 8) | (template[at + 1] & 0xff);
    }
    this.headerSum = sum;
    this.size = size;
    this.newPerNs = rate / NS_PER_SECOND;
    this.repeatsPerNs = size / (turnSeconds * NS_PER_SECOND);
  }

  /** Whether all flows of the first window have been heard of. Any thread may ask. */
  boolean isFull() {
    return isFull;
  }

  /** Flows that have begun. Any thread may ask. */
  int begun() {
    return next;
  }

  /** Receives nothing from now on. Any thread may call it. */
  void stop() {
    isStopped = true;
  }

  @Override
  public int receive(PacketBatch batch) {
    if (isStopped) {
      return 0;
    }
    earn(System.nanoTime());
    if (!isFull) {
      fill(batch);
    } else {
      moveOn(batch);
      repeat(batch);
    }
    return batch.count();
  }

  private void earn(long nowNs) {
    long passedNs = earnedNs == 0 ? 0 : nowNs - earnedNs;
    earnedNs = nowNs;
    double mostNs = MOST_BEHIND * NS_PER_SECOND;
    newDue = Math.min(newDue + passedNs * newPerNs, mostNs * newPerNs);
    repeatsDue = Math.min(repeatsDue + passedNs * repeatsPerNs, mostNs * repeatsPerNs);
  }

  private void fill(PacketBatch batch) {
    while (next < size && batch.count() + 2 <= PacketBatch.CAPACITY) {
      begin(batch);
    }
    isFull = next == size;
  }

  private void moveOn(PacketBatch batch) {
    while (newDue >= 1 && batch.count() + 2 <= PacketBatch.CAPACITY) {
      newDue--;
      first++;
      begin(batch);
    }
  }

  /** Question and answer of the next flow. */
  private void begin(PacketBatch batch) {
    int flow = next;
    add(batch, flow, false);
    add(batch, flow, true);
    next = flow + 1;
  }

  private void repeat(PacketBatch batch) {
    while (repeatsDue >= 1 && !batch.isFull()) {
      repeatsDue--;
      repeated++;
      if (repeated < first || repeated >= next) {
        repeated = first;
        repeatsAnswer = !repeatsAnswer;
      }
      add(batch, repeated, repeatsAnswer);
    }
  }

  private void add(PacketBatch batch, int flow, boolean isAnswer) {
    Packet packet = batch.append();
    packet.length = FRAME_BYTES;
    write(packet.frame(), flow, isAnswer);
    counters.received(FRAME_BYTES);
  }

  private void write(long frame, int flow, boolean isAnswer) {
    int client = CLIENTS + (flow & 0xffff);
    int port = FIRST_PORT + (flow >>> 16);
    OffHeap.copyIn(template, 0, frame, FRAME_BYTES);
    OffHeap.putIntBe(frame + SOURCE, isAnswer ? SERVER : client);
    OffHeap.putIntBe(frame + DESTINATION, isAnswer ? client : SERVER);
    OffHeap.putIntBe(frame + PORTS, isAnswer ? SERVICE << 16 | port : port << 16 | SERVICE);
    int sum = headerSum + halves(client) + halves(SERVER);
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    OffHeap.putShortBe(frame + IP_CHECKSUM, ~sum & 0xffff);
  }

  private static int halves(int address) {
    return (address >>> 16) + (address & 0xffff);
  }

  @Override
  public void transmit(Packet packet) {
    counters.sendDropped(1);
  }
}
