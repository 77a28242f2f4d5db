package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A lab that is told to end while it works says so in one line and leaves nothing behind. */
@Timeout(180)
class LabEndTest {
  private static final Path SOCKETS = Path.of("/run/sluice-lab");
  private static final int END_SECONDS = 30;

  @TempDir Path directory;
  private Tools tools;

  @BeforeEach
  void requireRoot() {
    Tools.assumeRoot();
    Tools.assumeInstalled("ip");
    tools = new Tools(directory);
  }

  @Test
  void shouldSayThatItEndedEarlyWhenInterruptedAtAnyStep() throws Exception {
    for (String step : List.of("making three hosts", "stateless: ping", "learn: ack-scan-open")) {
      List<String> said = endAt(step);
      assertEquals("sluice lab: ended early; nothing is left of it", said.getLast());
      assertTrue(said.stream().allMatch(LabEndTest::isProgress), () -> step + ": " + said);
      assertFalse(Files.exists(SOCKETS), step);
      assertFalse(tools.run("ip", "netns", "list").contains("sluice-"), step);
    }
  }

  /** One line for people, not what a program throws. */
  private static boolean isProgress(String line) {
    return !line.startsWith("\t") && !line.contains("Exception") && !line.contains("null");
  }

  /** Ends a lab as soon as it is at {@code step}; returns what it has said. */
  private List<String> endAt(String step) throws Exception {
    Path errors = Files.createTempFile(directory, "lab", ".err");
    ProcessBuilder builder = SluiceProcess.builder("lab").directory(Path.of("..").toFile());
    Process lab = builder.redirectOutput(Redirect.DISCARD).redirectError(errors.toFile()).start();
    while (!Files.readString(errors).contains(step)) {
      boolean ended = lab.waitFor(20, TimeUnit.MILLISECONDS);
      String said = Files.readString(errors);
      assumeFalse(said.contains("already running"), "skipped: somebody else's lab is running");
      assertFalse(ended && !said.contains(step), said);
    }
    lab.destroy();
    assertTrue(lab.waitFor(END_SECONDS, TimeUnit.SECONDS), "it must end");
    return Files.readAllLines(errors);
  }
}
