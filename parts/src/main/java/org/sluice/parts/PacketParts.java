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
import org.sluice.datapath.flow.FlowExtractor;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.packet.Checksum;
import org.sluice.datapath.packet.FlowHash;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;

/** What concerns a packet alone; its 60 bytes are near. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(PacketBatch.CAPACITY)
public class PacketParts {
  private static final int LONG_BYTES = 1460;

  private PacketBatch batch;
  private FlowKey key;

  @Setup(Level.Trial)
  public void open() {
    batch = new PacketBatch();
    key = new FlowKey();
    try (Frames frames = new Frames(PacketBatch.CAPACITY)) {
      frames.fill(batch);
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    batch.close();
  }

  /** Finds where the headers lie. */
  @Benchmark
  public int parse() {
    int parsed = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      parsed += Parser.parse(batch.get(i)) ? 1 : 0;
    }
    return parsed;
  }

  /** Writes all fields as the words of a flow key. */
  @Benchmark
  public long key() {
    long sum = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      FlowExtractor.extract(batch.get(i), key.words());
      sum += key.words()[0];
    }
    return sum;
  }

  /** The hash of addresses and ports that spreads flows over ports and buckets. */
  @Benchmark
  public int hash() {
    int sum = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      sum += FlowHash.of(batch.get(i), i);
    }
    return sum;
  }

  /** Checks the sums of IPv4's header and of UDP. */
  @Benchmark
  public int checksum() {
    int valid = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      boolean sound =
          Checksum.isIpv4HeaderValid(batch.get(i)) && Checksum.isTransportValid(batch.get(i));
      valid += sound ? 1 : 0;
    }
    return valid;
  }

  /** Sums the payload of a full frame. */
  @Benchmark
  public long checksumLong() {
    long sum = 0;
    for (int i = 0; i < PacketBatch.CAPACITY; i++) {
      sum += Checksum.sum(batch.get(i).address, LONG_BYTES);
    }
    return sum;
  }
}
