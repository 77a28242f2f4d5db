package org.sluice.tools.ofctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.CapturedErrors;

/** What {@code ovs-ofctl} says of targets that it cannot connect to. */
class SwitchTargetTest {
  @RegisterExtension final CapturedErrors errors = new CapturedErrors();
  @TempDir Path directory;

  private List<String> complaints(String... words) throws Exception {
    assertEquals(1, new OvsOfctl().run(words));
    return errors.text().lines().toList();
  }

  @Test
  void shouldRefusePlaceToListenAtInsteadOfWaitingThere() throws Exception {
    String place = "punix:" + directory.resolve("mgmt");
    assertEquals(
        List.of(
            "ovs-ofctl: connecting to " + place + " (Address family not supported by protocol)"),
        complaints("show", place));
  }

  @Test
  void shouldNameTheMissingFileOfTlsTarget() throws Exception {
    String[] options = {
      "--private-key=" + directory.resolve("key"),
      "--certificate=" + directory.resolve("cert"),
      "--ca-cert=" + directory.resolve("ca"),
      "show",
      "ssl:127.0.0.1:1"
    };
    List<String> lines = complaints(options);
    String missing = directory.resolve("cert") + ": No such file or directory";
    assertTrue(lines.getFirst().endsWith("|stream_ssl|ERR|" + missing), lines.getFirst());
    assertEquals(
        "ovs-ofctl: connecting to ssl:127.0.0.1:1 (Protocol not available)", lines.getLast());
  }
}
