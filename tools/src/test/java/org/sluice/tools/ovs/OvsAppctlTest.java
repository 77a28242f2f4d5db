package org.sluice.tools.ovs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlServer;

class OvsAppctlTest {
  @TempDir Path directory;

  private final PrintStream console = System.out;
  private final PrintStream consoleErr = System.err;
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private UnixctlServer server;

  @BeforeEach
  void setUp() throws Exception {
    System.setOut(new PrintStream(printed, true, UTF_8));
    System.setErr(System.out);
    server =
        UnixctlServer.listen(
            directory.resolve("ctl"),
            new UnixctlCommands("daemon 1.0"),
            new VlogRegistry(Clock.system(), "test", System.err).vlog("unixctl"));
    server.serve();
  }

  @AfterEach
  void tearDown() {
    server.close();
    System.setOut(console);
    System.setErr(consoleErr);
  }

  private int run(String... words) {
    printed.reset();
    return new OvsAppctl().run(words);
  }

  @Test
  void shouldTakeTheFlagThatOldScriptsHaveBeforeTheCommand() {
    String target = directory.resolve("ctl").toString();
    assertEquals(0, run("-t", target, "-e", "version"));
    assertEquals("daemon 1.0\n", printed.toString(UTF_8));
    assertEquals(0, run("--target=" + target, "--execute", "version"));
    assertEquals("daemon 1.0\n", printed.toString(UTF_8));
  }

  @Test
  void shouldTakeThatFlagOnceOnly() {
    assertEquals(1, run("-e", "-e", "version"));
    assertEquals(
        "ovs-appctl: -e or --execute may be speciifed only once\n", printed.toString(UTF_8));
  }
}
