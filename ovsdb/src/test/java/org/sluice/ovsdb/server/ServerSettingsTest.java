package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stream.Stream;
import org.sluice.ovsdb.data.JsonComplaint;
import org.sluice.ovsdb.transaction.TestDatabase;

class ServerSettingsTest {
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

  private final Vlog log =
      new VlogRegistry(
              Clock.system(), "test", new PrintStream(logged, true, StandardCharsets.UTF_8))
          .vlog("ovsdb_server");

  private ServerSettings read(String text) {
    return ServerSettings.fromJson(TestDatabase.json(text), log);
  }

  private void assertRefused(String databases, String complaint) {
    assertNull(read("{'remotes':{},'databases':{'db':" + databases + "}}"));
    String text = logged.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains(complaint), text);
  }

  @Test
  void shouldReadWhatItWrites() {
    ServerSettings settings =
        read(
            "{'remotes':{'punix:s':null,'pssl:1':{'read-only':true,'role':'r','dscp':48}},"
                + "'databases':{'a':{},'r':{'service-model':'relay','source':{'unix:u':{}}},"
                + "'b':{'service-model':'active-backup','backup':true,"
                + "'source':{'unix:v':{'max-backoff':16000,'inactivity-probe':180000}},"
                + "'exclude-tables':['x','y']}}}");
    assertEquals(Set.of("x", "y"), settings.databases().get("b").excluded());
    assertTrue(settings.remotes().get("pssl:1").readOnly());
    assertEquals(settings, read(settings.toJson().toString().replace('"', '\'')));
  }

  @Test
  void shouldSayWhatIsWrong() {
    assertRefused(
        "{'service-model':'x'}", "Parsing database db failed: 'x' is not a valid service model");
    assertRefused("{'service-model':'relay'}", "Required 'source' member is missing.");
    assertRefused(
        "{'service-model':'active-backup','backup':true}", "Required 'source' member is missing.");
    assertRefused("{'u':1}", "Member 'u' is present but not allowed here.");
  }

  @Test
  void shouldOnlyWarnOfOptionsThatMakeNoSense() {
    ServerSettings settings =
        read(
            "{'remotes':{},'databases':{'db':{'service-model':'relay',"
                + "'source':{'unix:u':{'role':'r'}}}}}");
    assertEquals(
        RemoteOptions.NONE, settings.databases().get("db").source().remotes().get("unix:u"));
    assertTrue(
        logged.toString(StandardCharsets.UTF_8).contains("Member 'role' is present but not"));
  }

  /** A connection of which only the mark of its packets is of interest. */
  private static final class MarkedStream implements Stream {
    private int mark = -1;

    @Override
    public String name() {
      return "tcp:192.0.2.1:6640";
    }

    @Override
    public InputStream input() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream output() {
      return OutputStream.nullOutputStream();
    }

    @Override
    public void mark(int dscp) {
      mark = dscp;
    }

    @Override
    public void close() {}
  }

  @Test
  void shouldMarkPacketsAsToldOrElseAsNetworkControl() {
    String[] options = {"{'dscp':10}", "{'dscp':0}", "{'dscp':63}", "{'dscp':64}", "{}", "null"};
    int[] marks = {10, 0, 63, 48, 48, 48};
    for (int i = 0; i < options.length; i++) {
      ServerSettings settings = read("{'remotes':{'ptcp:1':" + options[i] + "},'databases':{}}");
      MarkedStream stream = new MarkedStream();
      settings.remotes().get("ptcp:1").mark(stream, log);
      assertEquals(marks[i], stream.mark, options[i]);
    }
  }

  @Test
  void shouldNeitherAskNorTryMoreThanOnceASecond() {
    RemoteOptions hasty = new RemoteOptions(-1L, 1L, false, "", null);
    assertEquals(1_000, hasty.probeMs(5_000));
    assertEquals(1_000, hasty.maxBackoff());
    RemoteOptions patient = new RemoteOptions(0L, 0L, false, "", null);
    assertEquals(0, patient.probeMs(5_000));
    assertEquals(8_000, patient.maxBackoff());
    assertEquals(5_000, RemoteOptions.NONE.probeMs(5_000));
  }

  @Test
  void shouldPointAtTheMistake() {
    String text = "\n{\n    \"remotes\": { \"punix:db.sock\": {}, },\n}";
    JsonComplaint complaint =
        assertThrows(
            JsonComplaint.class, () -> JsonComplaint.parse(text.getBytes(StandardCharsets.UTF_8)));
    assertEquals(
        "line 2, column 38, byte 41: syntax error parsing object expecting string",
        complaint.getMessage());
  }
}
