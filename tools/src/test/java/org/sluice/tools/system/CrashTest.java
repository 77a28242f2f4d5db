package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the switch at random moments while somebody configures it. What was acknowledged is there
 * afterwards, and every change is there as a whole or not at all.
 */
@Timeout(120)
class CrashTest {
  private static final int ROUNDS = 4;
  private static final int MAX_MS = 500;

  @TempDir Path directory;
  private Tools tools;
  private SluiceProcess sluice;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("ovs-vsctl", "ovsdb-tool");
    tools = new Tools(directory);
    restart();
    tools.run("ovs-vsctl", "add-br", "br-crash", "--", "br-set-external-id", "br-crash", "n", "0");
  }

  @AfterEach
  void stop() throws Exception {
    if (sluice != null) {
      sluice.stop();
    }
  }

  private void restart() throws Exception {
    sluice = SluiceProcess.start(directory, "run", "--dir", directory.toString());
  }

  /** Adds patch port {@code n} and counts it, in one transaction. */
  private boolean addPort(int n) throws Exception {
    String port = "crash" + n;
    return tools
            .attempt(
                ("ovs-vsctl --timeout=1 add-port br-crash "
                        + port
                        + " -- set interface "
                        + port
                        + " type=patch options:peer=none"
                        + n
                        + " -- br-set-external-id br-crash n "
                        + n)
                    .split(" "))
            .status()
        == 0;
  }

  private int counted() throws Exception {
    return Integer.parseInt(tools.run("ovs-vsctl", "br-get-external-id", "br-crash", "n").strip());
  }

  @Test
  void shouldKeepWhatItAcknowledgedWhenKilled() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    int next = 1;
    for (int round = 0; round < ROUNDS; round++) {
      SluiceProcess victim = sluice;
      CompletableFuture<Void> killed =
          CompletableFuture.runAsync(
              victim::killNow,
              CompletableFuture.delayedExecutor(random.nextInt(MAX_MS), TimeUnit.MILLISECONDS));
      int acknowledged = next - 1;
      while (addPort(next)) {
        acknowledged = next++;
      }
      killed.get();
      victim.awaitExit();
      restart();
      int counted = counted();
      String where = "round " + round + ", seed " + seed;
      assertTrue(counted == acknowledged || counted == acknowledged + 1, where);
      assertEquals(expectedPorts(counted), ports(), where);
      assertEquals(List.of(), sluice.complaints());
      next = counted + 1;
    }
    tools.run("ovsdb-tool", "show-log", directory.resolve("conf.db").toString());
  }

  private List<String> ports() throws Exception {
    return tools.run("ovs-vsctl", "list-ports", "br-crash").lines().sorted().toList();
  }

  private static List<String> expectedPorts(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> "crash" + n).sorted().toList();
  }
}
