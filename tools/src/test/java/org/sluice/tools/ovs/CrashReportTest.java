package org.sluice.tools.ovs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;

class CrashReportTest {
  private static String logged(Map<String, String> environment) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(out, true, UTF_8);
    CrashReport.of(environment).writeTo(new VlogRegistry(Clock.system(), "test", to));
    return out.toString(UTF_8);
  }

  @Test
  void shouldTellOfTheFaultInTheNameOfTheMonitor() throws Exception {
    String what = "1 crashes: pid 7 died, killed (Segmentation fault), restarting";
    String log = logged(Map.of("SLUICE_CRASH", what, "SLUICE_BACKTRACE", "one\ntwo"));
    assertTrue(log.contains("|00001|backtrace(monitor)|WARN|SIGSEGV detected, backtrace:\n"), log);
    assertTrue(log.contains("one\n"), log);
    assertTrue(log.endsWith("|daemon_unix(monitor)|ERR|" + what + "\n"), log);
  }

  @Test
  void shouldSayNothingOfAFirstStart() throws Exception {
    assertEquals("", logged(Map.of()));
  }
}
