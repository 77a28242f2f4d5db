package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of flows as people's editors and scripts leave them. */
class FlowFileTest {
  @TempDir Path directory;

  private Path file(String content) throws IOException {
    return Files.writeString(directory.resolve("flows"), content, StandardCharsets.ISO_8859_1);
  }

  private static List<Integer> priorities(Path file) throws OfSyntaxException {
    return FlowFile.read(file, Names.NONE).stream().map(flow -> flow.priority()).toList();
  }

  private static String complaint(Path file) {
    return assertThrows(OfSyntaxException.class, () -> priorities(file)).getMessage();
  }

  @Test
  void shouldReadLinesHoweverTheyEnd() throws Exception {
    Path file = file("priority=1,actions=drop\r\n\n  # none\npriority=2,actions=drop # two");
    assertEquals(List.of(1, 2), priorities(file));
    assertEquals(List.of(), priorities(file("")));
    assertEquals(List.of(), priorities(file("\n\n")));
  }

  @Test
  void shouldSayWhichLineIsWrong() throws Exception {
    Path file = file("\npriority=1,actions=drop\n\npriority=1,actions=dr\0op\n");
    assertEquals(file + ":4: unknown action dr\0op", complaint(file));
    Path lone = file("priority=1,actions=drop\rpriority=2,actions=drop\n");
    assertEquals(lone + ":1: unknown action priority", complaint(lone));
  }

  @Test
  void shouldRefuseWhatIsNoText() throws Exception {
    Path file = file("priority=1,actions=drop\n\u00ff\u00fe\n");
    assertEquals(file + ": open failed (not a text file)", complaint(file));
    assertEquals(directory + ": open failed (Is a directory)", complaint(directory));
  }

  @Test
  void shouldRefuseALineThatNeverEnds() throws Exception {
    Path file = directory.resolve("endless");
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write("actions=drop\n");
      out.write("x".repeat(TextLines.MAX_CHARS + 1));
    }
    assertEquals(file + ":2: line is longer than 4194304 characters", complaint(file));
    assertEquals(
        "/dev/zero:1: line is longer than 4194304 characters", complaint(Path.of("/dev/zero")));
  }

  @Test
  void shouldKeepLinesWholeThatAreReadInPieces() throws Exception {
    String flow = "priority=%d,actions=note:" + "00.".repeat(9000) + "00\n";
    assertEquals(
        List.of(1, 2, 3),
        priorities(file(flow.formatted(1) + flow.formatted(2) + flow.formatted(3))));
  }
}
