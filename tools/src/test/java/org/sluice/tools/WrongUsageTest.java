package org.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.tools.lab.LabCommand;
import org.sluice.tools.ovs.OvsVswitchdDaemon;
import org.sluice.tools.ovs.OvsdbServerDaemon;
import org.sluice.tools.ovs.RunCommand;

/** A wrong command line: one line that says what is wrong, exit status 1, and nothing was made. */
class WrongUsageTest {
  private static final List<Command> COMMANDS =
      List.of(new LabCommand(), new RunCommand(), new OvsVswitchdDaemon(), new OvsdbServerDaemon());

  @TempDir private Path folder;

  @RegisterExtension private final CapturedErrors err = new CapturedErrors();

  private String complaint(String... words) throws Exception {
    err.reset();
    for (Command command : COMMANDS) {
      if (command.name().equals(words[0])) {
        assertEquals(
            1, command.run(List.of(words).subList(1, words.length).toArray(String[]::new)));
      }
    }
    return err.text();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "lab --bogus | sluice lab: unrecognized option '--bogus'; try './sluice lab --help'",
        "lab --captures --record=x | sluice lab: --record needs root, for hosts that are real",
        "lab all | sluice lab: unexpected argument 'all'; try './sluice lab --help'",
        "run --bogus | sluice run: unrecognized option '--bogus'; try './sluice run --help'",
        "run --dir= | sluice run: --dir needs the name of a folder",
        "ovs-vswitchd --bogus | ovs-vswitchd: unrecognized option '--bogus'",
        "ovs-vswitchd -z | ovs-vswitchd: invalid option -- 'z'",
        "ovsdb-server --bogus=5 | ovsdb-server: unrecognized option '--bogus=5'",
        "ovsdb-server --detach=5 | ovsdb-server: option '--detach' doesn't allow an argument",
        "ovsdb-server --config-file=c x.db"
            + " | ovsdb-server: Databases should be specified in a config file",
        "ovsdb-server --config-file=c --remote=ptcp:"
            + " | ovsdb-server: --config-file is mutually exclusive with --remote",
      })
  void shouldComplainInOneLine(String line, String complaint) throws Exception {
    assertEquals(complaint + "\n", complaint(line.split(" ", -1)));
  }

  @Test
  void shouldMakeNothingWhenSocketsWouldNotFitIntoTheFolder() throws Exception {
    Path deep = folder.resolve("x".repeat(100));
    String complaint = complaint("run", "--dir", deep.toString());
    assertEquals(
        "sluice run: --dir " + deep + ": at most 82 bytes, for the names of sockets to fit in\n",
        complaint);
    assertFalse(Files.exists(deep));
  }
}
