package org.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.datapath.datapath.PacketThread;
import org.sluice.datapath.netdev.dummy.NullNetdev;
import org.sluice.tools.offline.OfflineSwitch;

/** A packet of a flow that is known costs no garbage, so the collector has nothing to pause for. */
class PacketPathAllocationTest {
  private static final int FLOWS = 1000;
  private static final int PACKETS = 1_000_000;

  /** It is nothing; the room is for the runtime, which may put an object where none was needed. */
  private static final long ALLOWED_BYTES = 16 * 1024;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = BenchPolicy.class,
      names = {"FWD", "STATEFUL", "OVN"})
  void shouldAllocateNothingWhenAMillionPacketsAreOfKnownFlows(BenchPolicy policy)
      throws Exception {
    Path capture = folder.resolve("udp.pcap");
    Traffic.writeUdp(capture, FLOWS);
    Path flows = Files.writeString(folder.resolve("a.flows"), policy.flows());
    try (ReplayImage image = ReplayImage.read(capture);
        OfflineSwitch offline = new OfflineSwitch(0)) {
      ReplayNetdev source = new ReplayNetdev("in", image, false);
      offline.addPort(1, source);
      offline.addPort(2, new NullNetdev("out", ReplayNetdev.MAC + 1));
      offline.addFlows(flows);
      play(offline);
      long misses = offline.statistics().misses();
      long allocated = play(offline);
      assertEquals(misses, offline.statistics().misses(), "all flows are known");
      assertTrue(allocated < ALLOWED_BYTES, allocated + " bytes for " + PACKETS + " packets");
    }
  }

  /** Steps the packet thread until a million more are through; returns the bytes it allocated. */
  private static long play(OfflineSwitch offline) {
    PacketThread thread = offline.datapath().threads().getFirst();
    long allocated = 0;
    long until = offline.statistics().received() + PACKETS;
    while (offline.statistics().received() < until) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < FLOWS; i++) {
        thread.doWork(1);
      }
      allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return allocated;
  }
}
