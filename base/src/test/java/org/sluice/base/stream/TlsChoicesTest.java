package org.sluice.base.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;

class TlsChoicesTest {
  private final ByteArrayOutputStream logged = new ByteArrayOutputStream();

  private String said(String protocols) {
    PrintStream to = new PrintStream(logged, true, StandardCharsets.UTF_8);
    VlogRegistry registry = new VlogRegistry(Clock.system(), "test", to);
    registry.setLevel(null, null, LogLevel.DBG);
    Vlog log = registry.vlog("stream_ssl");
    TlsProtocols.parse(protocols, log);
    return logged.toString(StandardCharsets.UTF_8);
  }

  private static void assertContains(String part, String text) {
    assertEquals(true, text.contains(part), text);
  }

  @Test
  void shouldWidenAListToARangeAndSaySo() {
    assertContains("Enabled protocol range: TLSv1.2 - TLSv1.3", said("TLSv1.3,TLSv1.2"));
    assertContains("Enabled protocol range: TLSv1.2 - TLSv1.3", said("TLSv1.3-TLSv1.2"));
    assertContains("Enabled protocol range: TLSv1.3 or later", said("TLSv1.3+"));
  }

  @Test
  void shouldNotKnowWhatIsBrokenOrMixed() {
    for (String bad : new String[] {"TLSv1+", "TLSv1.1", "TLSv1.2+TLSv1.3", "TLSv1.2-TLSv1.3,x"}) {
      assertContains("SSL/TLS protocol not recognized", said(bad));
    }
  }

  @Test
  void shouldChooseCiphersByOpenSslNames() {
    String[] supported = {
      "TLS_AES_256_GCM_SHA384",
      "TLS_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
      "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
      "TLS_RSA_WITH_AES_128_CBC_SHA"
    };
    assertArrayEquals(supported, TlsCiphers.choose(supported, null, null));
    assertArrayEquals(
        new String[] {"TLS_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA"},
        TlsCiphers.choose(
            supported,
            "DEFAULT:@SECLEVEL=2:!ECDHE-ECDSA-AES256-GCM-SHA384:-AES128-SHA",
            "TLS_CHACHA20_POLY1305_SHA256"));
    assertEquals("ECDHE-RSA-AES128-SHA", TlsCiphers.openSslName(supported[3]));
    assertEquals("AES128-SHA", TlsCiphers.openSslName(supported[4]));
  }
}
