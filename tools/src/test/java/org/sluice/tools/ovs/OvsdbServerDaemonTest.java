package org.sluice.tools.ovs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.tools.CapturedErrors;

/** How the server ends when it cannot begin, or has nothing more to do. */
class OvsdbServerDaemonTest {
  @RegisterExtension private final CapturedErrors err = new CapturedErrors();

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
    String text = err.text();
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
    assertEquals("", err.text());
    assertEquals(1, run("--run=exit 3"));
    assertEquals("ovsdb-server: exit 3: child exited, exit status 3\n", err.text());
  }
}
