package org.sluice.tools.ofctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.tools.CapturedErrors;

/** Files that are not there, in Open vSwitch's own words, which are not the same everywhere. */
class MissingFileTest {
  @RegisterExtension final CapturedErrors errors = new CapturedErrors();
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "parse-flows,open failed",
    "parse-pcap,open failed",
    "ofp-parse-pcap,open failed",
    "ofp-parse,open",
    "diff-flows,open"
  })
  void shouldSayThatAFileIsMissing(String command, String failed) throws Exception {
    String file = directory.resolve("missing").toString();
    String[] words =
        command.equals("diff-flows")
            ? new String[] {command, file, file}
            : new String[] {command, file};
    assertEquals(1, new OvsOfctl().run(words));
    assertEquals(
        "ovs-ofctl: " + file + ": " + failed + " (No such file or directory)\n", errors.text());
  }
}
