package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.schema.ShippedSchemas;
import org.sluice.tools.dbtool.OvsdbTool;
import org.sluice.tools.options.CapturedRun;

/** The database client as a process of its own. */
class DatabaseClientTest {
  private static final int SIGALRM_STATUS = 142;

  @TempDir Path directory;
  private SluiceProcess server;

  @BeforeEach
  void start() throws Exception {
    String schema =
        Files.writeString(directory.resolve("schema"), ShippedSchemas.openVswitchText()).toString();
    String file = directory.resolve("conf.db").toString();
    CapturedRun.of(OvsdbTool::new, "create", file, schema).ok();
    server = SluiceProcess.start(directory, "ovsdb-server", "--remote=punix:db.sock", file);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  @Test
  void shouldLeaveNothingBehindWhenItsTimeIsOver() throws Exception {
    SluiceProcess.Ended ended =
        SluiceProcess.runToEnd(
            directory, "ovsdb-client", "--timeout=3", "--pidfile", "monitor", "Bridge", "name");
    assertTrue(ended.errors().contains("terminating with signal 14 (Alarm clock)"), ended.errors());
    assertEquals(SIGALRM_STATUS, ended.status());
    assertFalse(Files.exists(directory.resolve("ovsdb-client.pid")));
  }

  @Test
  void shouldEndWhenItsServerDoes() throws Exception {
    SluiceProcess client =
        SluiceProcess.start(directory, "ovsdb-client", "--detach", "monitor", "Bridge", "name");
    server.stop();
    assertEquals(1, client.awaitExit());
    assertTrue(client.console().contains("ovsdb-client: unix:"), client.console());
  }
}
