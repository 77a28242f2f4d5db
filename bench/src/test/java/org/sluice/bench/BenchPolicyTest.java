package org.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.datapath.datapath.DatapathStatistics;
import org.sluice.datapath.netdev.dummy.NullNetdev;
import org.sluice.datapath.netdev.pcap.PcapReader;
import org.sluice.tools.offline.OfflineSwitch;

/** The made-up policies and traffic are what they are said to be. */
class BenchPolicyTest {
  @TempDir private Path folder;

  private Path write(BenchRow.CaptureWriter writer) throws Exception {
    Path capture = folder.resolve("a.pcap");
    writer.write(capture);
    return capture;
  }

  /** Plays a capture through a policy in virtual time. */
  private DatapathStatistics play(BenchPolicy policy, Path capture, int leastRules)
      throws Exception {
    Path flows = Files.writeString(folder.resolve("a.flows"), policy.flows());
    try (ReplayImage image = ReplayImage.read(capture);
        OfflineSwitch offline = new OfflineSwitch(0)) {
      offline.addPort(1, new ReplayNetdev("in", image, true));
      offline.addPort(2, new NullNetdev("out", 2));
      offline.addFlows(flows);
      assertTrue(offline.rules().size() >= leastRules, "a few of them may be equal");
      offline.step(1);
      return offline.statistics();
    }
  }

  @Test
  void shouldSendEveryFrameThroughAVirtualNetwork() throws Exception {
    DatapathStatistics seen =
        play(BenchPolicy.OVN, write(file -> Traffic.writeUdp(file, 300)), 9_900);
    assertEquals(300, seen.received());
    assertEquals(0, seen.drops().values().stream().mapToLong(Long::longValue).sum());
    assertEquals(3 * 300, seen.megaflowHits() + seen.misses(), "two recirculations for each");
  }

  @Test
  void shouldAskForManyMasksWhenAnAccessListIsLong() throws Exception {
    DatapathStatistics seen =
        play(BenchPolicy.ACL, write(file -> Traffic.writeUdp(file, 1000)), 9_000);
    assertEquals(1000, seen.received());
    assertTrue(seen.masks() > 30, seen + "");
  }

  @Test
  void shouldProvokeAMaskWithEachFrameThatIsMadeForIt() throws Exception {
    Set<String> crafted = new HashSet<>();
    Path capture = write(file -> Traffic.writeProvoked(file, true));
    try (PcapReader reader = PcapReader.open(capture)) {
      for (int i = 0; i < 81_920; i++) {
        byte[] frame = reader.next().bytes();
        if (i % 10 == 9) {
          crafted.add(new String(frame, 26, 12, StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertEquals(8192, crafted.size());
    DatapathStatistics seen = play(BenchPolicy.TSE, capture, 4);
    assertEquals(8192, seen.drops().values().stream().mapToLong(Long::longValue).sum());
  }
}
