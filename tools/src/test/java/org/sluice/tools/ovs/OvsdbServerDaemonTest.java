package org.sluice.tools.ovs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the server ends when it cannot begin, or has nothing more to do. */
class OvsdbServerDaemonTest {
  private final PrintStream console = System.err;
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void listen() {
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void listenNoMore() {
    System.setErr(console);
  }

  private int run(String option) throws InterruptedException {
    return new OvsdbServerDaemon().run(new String[] {"--no-dbs", "--unixctl=none", option});
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--private-key=db:x,y,z | \"db:x,y,z\": no database named x",
        "--ca-cert=db:x         | \"db:x\": invalid syntax",
      })
  void shouldNotBeginWhenTlsIsToComeFromNowhere(String option, String problem) throws Exception {
    assertEquals(1, run(option));
    String text = err.toString(StandardCharsets.UTF_8);
    assertTrue(
        text.endsWith(
            "|ovsdb_server|WARN|failed to configure SSL/TLS: "
                + problem
                + "\novsdb-server: server configuration failed\n"),
        text);
  }

  @Test
  void shouldEndAsItsCommandDoes() throws Exception {
    assertEquals(0, run("--run=true"));
    assertEquals("", err.toString(StandardCharsets.UTF_8));
    assertEquals(1, run("--run=exit 3"));
    assertEquals(
        "ovsdb-server: exit 3: child exited, exit status 3\n",
        err.toString(StandardCharsets.UTF_8));
  }
}
