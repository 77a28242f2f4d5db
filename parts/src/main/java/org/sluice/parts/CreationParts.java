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
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** The first packets of 100,000 connections, into a table that is empty before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(CreationParts.CONNECTIONS)
public class CreationParts {
  static final int CONNECTIONS = 100_000;

  private static final long SALT = 42;
  private static final long NOW_MS = 1000;

  private Frames frames;
  private PacketBatch batch;
  private Packet packet;
  private Conntrack conntrack;
  private Tracker tracker;

  @Setup(Level.Trial)
  public void open() {
    frames = new Frames(CONNECTIONS);
    batch = new PacketBatch();
    packet = batch.append();
  }

  /** As the switch's own housekeeping does, memory is ready before packets need it. */
  @Setup(Level.Invocation)
  public void empty() {
    conntrack = new Conntrack(SALT);
    tracker = conntrack.newTracker();
    conntrack.prepareMemory();
  }

  @TearDown(Level.Invocation)
  public void drop() {
    conntrack.close();
  }

  @TearDown(Level.Trial)
  public void close() {
    batch.close();
    frames.close();
  }

  /** Makes a connection known. */
  @Benchmark
  public long create() {
    return commitAll(TrackRequest.commit(0));
  }

  /** Makes a translated connection known, a port chosen for each. */
  @Benchmark
  public long createNat() {
    return commitAll(TrackRequest.commit(0, TrackingParts.SOURCE));
  }

  private long commitAll(TrackRequest commit) {
    long made = 0;
    for (int i = 0; i < CONNECTIONS; i++) {
      frames.copyTo(packet, i);
      packet.resetMetadata();
      Parser.parse(packet);
      tracker.track(packet, commit, NOW_MS);
      made += packet.connection == 0 ? 0 : 1;
    }
    return made;
  }
}
