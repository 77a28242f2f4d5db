package org.sluice.parts;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.TrackRequest;
import org.sluice.datapath.conntrack.Tracker;
import org.sluice.datapath.conntrack.nat.NatRange;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/** Packets of 32 UDP connections that are known: zone 1 as they are, zone 2 translated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PacketBatch.CAPACITY)
public class TrackingParts {
  private static final long SALT = 42;
  private static final long NOW_MS = 1000;
  private static final int PLAIN = 1;
  private static final int TRANSLATED = 2;
  private static final long OUTSIDE = 0xc0a8_0001L;

  /** To one of four addresses, with the ports kept where they are free. */
  static final NatRange SOURCE =
      new NatRange(true, false, 0, OUTSIDE, 0, OUTSIDE + 3, 0, 0, false, false);

  private final TrackRequest lookup = TrackRequest.lookup(PLAIN);
  private final TrackRequest translate = TrackRequest.translate(TRANSLATED);
  private Conntrack conntrack;
  private Tracker tracker;
  private Frames frames;
  private PacketBatch batch;
  private long[] connections;
  private int expected;

  @Setup(Level.Trial)
  public void open() {
    conntrack = new Conntrack(SALT);
    tracker = conntrack.newTracker();
    frames = new Frames(PacketBatch.CAPACITY);
    batch = new PacketBatch();
    connections = new long[PacketBatch.CAPACITY];
    frames.fill(batch);
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      tracker.track(batch.get(i), TrackRequest.commit(TRANSLATED, SOURCE), NOW_MS);
      received(i);
      tracker.track(batch.get(i), TrackRequest.commit(PLAIN), NOW_MS);
      connections[i] = received(i).connection;
      tracker.track(batch.get(i), lookup, NOW_MS);
      connections[i] = batch.get(i).connection;
      expected = batch.get(i).ctState;
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    batch.close();
    frames.close();
    conntrack.close();
  }

  /** The packet as it came in, which nobody has tracked; its headers lie where they did. */
  private Packet received(int index) {
    Packet packet = batch.get(index);
    frames.copyTo(packet, index);
    packet.resetTracking();
    return packet;
  }

  /** Moves a connection on that the microflow cache has at hand, checksums included. */
  @Benchmark
  public int update() {
    int done = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      done += tracker.fastUpdate(connections[i], batch.get(i), false, expected, NOW_MS) ? 1 : 0;
    }
    return done;
  }

  /** Finds the connection by the packet, and moves it on. */
  @Benchmark
  public long track() {
    long sum = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      Packet packet = received(i);
      tracker.track(packet, lookup, NOW_MS);
      sum += packet.connection;
    }
    return sum;
  }

  /** The same for a translated connection, and gives the packet its other address. */
  @Benchmark
  public long nat() {
    long sum = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      Packet packet = received(i);
      tracker.track(packet, translate, NOW_MS);
      sum += packet.ctState;
    }
    return sum;
  }
}
