package org.sluice.tools.dbclient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.tools.options.CapturedRun;
import org.sluice.tools.system.Tools;

/** Our client and Debian's, asked the same of the same server, print the same. */
class OvsdbClientInteropTest {
  @TempDir Path directory;
  private AnimalServer server;
  private Tools debian;

  @BeforeEach
  void start() throws Exception {
    Tools.assumeInstalled("ovsdb-client");
    debian = new Tools(directory);
    server = AnimalServer.start(directory);
    ours("transact", server.remote(), AnimalServer.insert("ant \u00e9", 6));
    String fed =
        AnimalServer.insert("cow", 4)
            .replace("\"legs\": 4", "\"legs\": 4, \"eats\": [\"set\", [\"grass, hay\", \"<b>\"]]");
    ours("transact", server.remote(), fed);
  }

  @AfterEach
  void stop() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  private static String ours(String... arguments) throws Exception {
    return CapturedRun.of(OvsdbClientTool::new, arguments).ok();
  }

  private String theirs(String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("ovsdb-client"));
    command.addAll(List.of(arguments));
    return debian.run(command.toArray(String[]::new));
  }

  @Test
  void shouldPrintTheSameInEveryFormat() throws Exception {
    for (String format : List.of("table", "list", "html", "csv", "json")) {
      for (String data : List.of("string", "bare", "json")) {
        String[] options = {"--format=" + format, "--data=" + data};
        assertSame(options, "dump", server.remote(), "animals");
        assertSame(options, "dump", server.remote(), "animals", "Animal", "eats", "legs");
        assertSame(options, "list-tables", server.remote());
      }
    }
  }

  @Test
  void shouldPrintTheSameWithTheOtherOptions() throws Exception {
    for (String option : List.of("--no-headings", "--pretty", "--bare", "--max-column-width=5")) {
      String[] options = {option};
      assertSame(options, "dump", server.remote(), "animals");
      assertSame(options, "get-schema", server.remote());
      assertSame(options, "get-schema-version", server.remote());
      assertSame(options, "list-dbs", server.remote());
    }
  }

  private void assertSame(String[] options, String... words) throws Exception {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of(words));
    String[] arguments = all.toArray(String[]::new);
    assertEquals(theirs(arguments), ours(arguments), () -> String.join(" ", arguments));
  }

  @Test
  void shouldFailInTheSameWords() throws Exception {
    String nobody = "unix:" + directory.resolve("nobody");
    for (List<String> words :
        List.of(
            List.of("list-dbs", nobody),
            List.of("dump", server.remote(), "animals", "Plant"),
            List.of("transact", server.remote(), "{}"),
            List.of("get-schema-version", server.remote(), "animals", "more"),
            List.of("--frob", "list-dbs"))) {
      String[] arguments = words.toArray(String[]::new);
      List<String> command = new ArrayList<>(List.of("ovsdb-client"));
      command.addAll(words);
      Tools.Result their = debian.attempt(command.toArray(String[]::new));
      CapturedRun our = CapturedRun.of(OvsdbClientTool::new, arguments);
      assertEquals(their.output(), our.err());
      assertEquals(their.status(), our.status());
    }
  }
}
