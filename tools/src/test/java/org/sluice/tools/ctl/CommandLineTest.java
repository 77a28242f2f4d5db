package org.sluice.tools.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Command lines with several commands. */
class CommandLineTest {
  private static final Map<String, CtlCommand> COMMANDS =
      Stream.of(
              CtlCommand.writing("add-br", 1, 3, "NEW-BRIDGE [PARENT] [NEW-VLAN]")
                  .options("--may-exist"),
              CtlCommand.reading("list", 1, CtlCommand.MANY, "TABLE [RECORD]...")
                  .options("--if-exists", "--columns="),
              CtlCommand.writing("add", 4, CtlCommand.MANY, "TABLE RECORD COLUMN [KEY=]VALUE..."))
          .collect(Collectors.toMap(CtlCommand::name, command -> command));

  private static List<Invocation> read(String line) {
    List<String> words = line.isEmpty() ? List.of() : List.of(line.split(" ", -1));
    return new CommandLine(COMMANDS).read(words, Map.of());
  }

  @Test
  void shouldSplitAtDoubleDashes() {
    List<Invocation> invocations = read("-- --may-exist add-br a -- list bridge a b");
    assertEquals(2, invocations.size());
    assertEquals("--may-exist add-br a", invocations.get(0).toString());
    assertEquals(List.of("a", "b"), invocations.get(1).arguments(1));
  }

  @Test
  void shouldGiveTheFirstCommandTheOptionsThatStoodBeforeIt() {
    List<Invocation> invocations =
        new CommandLine(COMMANDS).read(List.of("list", "x"), Map.of("--columns", "a,b"));
    assertEquals("a,b", invocations.getFirst().value("--columns"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                          | missing command name (use --help for help)
          --may-exist                 | missing command name (use --help for help)
          foo                         | unknown command 'foo'; use --help for help
          add-br                      | 'add-br' command requires at least 1 arguments
          add-br 1 2 3 4              | 'add-br' command takes at most 3 arguments
          add-br 1 2 3 -x             | 'add-br' command takes at most 3 arguments (note that options must precede command names and follow a "--" argument)
          --if-exists add-br a        | 'add-br' command has no '--if-exists' option
          --may-exist=1 add-br a      | '--may-exist' option on 'add-br' does not accept an argument
          --columns list a            | missing argument to '--columns' option on 'list' command
          --if-exists --if-exists list| '--if-exists' option specified multiple times
          """)
  void shouldSayWhatIsWrong(String line, String complaint) {
    assertEquals(complaint, assertThrows(CtlFailure.class, () -> read(line)).getMessage());
  }

  @Test
  void shouldDescribeCommandsToShells() {
    assertEquals(
        "[--may-exist] ,add-br,!NEW-BRIDGE ?PARENT ?NEW-VLAN", COMMANDS.get("add-br").completion());
    assertEquals(
        "[--if-exists] [--columns=] ,list,!TABLE *RECORD", COMMANDS.get("list").completion());
    assertEquals(",add,!TABLE !RECORD !COLUMN +?KEY=VALUE", COMMANDS.get("add").completion());
  }

  @Test
  void shouldQuoteWordsThatNeedIt() {
    assertEquals("a", CommandLine.escape("a"));
    assertEquals("\"a b\"", CommandLine.escape("a b"));
    assertEquals("\"say \\\"x\\\"\"", CommandLine.escape("say \"x\""));
  }
}
