package org.sluice.tools.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lab from its captures: every policy, every probe, the whole pipeline, no privileges. */
class CaptureLabTest {
  private static final Path EXAMPLES = Path.of("..", "examples", "firewall");
  private static final long START_NS = 1_000_000_000L;

  @Test
  void shouldShowTheKnownTruthAboutEachPolicyWhenRunFromCaptures() throws Exception {
    try (OfflineTarget target = new OfflineTarget(EXAMPLES)) {
      Captures captures = new Captures(EXAMPLES.resolve("captures"));
      Lab lab = new Lab(target, new CaptureProber(captures, target, START_NS), progress -> {});
      Lab.Result result = lab.run();
      List<Row> wrong = result.rows().stream().filter(row -> !row.ok()).toList();
      assertEquals(List.of(), wrong);
      assertEquals(30, result.rows().size());
      assertTrue(result.connections().stream().anyMatch(line -> line.contains("helper=ftp")));
    }
  }
}
