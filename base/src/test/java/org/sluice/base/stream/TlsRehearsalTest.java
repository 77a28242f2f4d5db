package org.sluice.base.stream;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class TlsRehearsalTest {
  @TempDir Path directory;

  @Test
  void shouldShakeHandsWithItself() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(TestPki.keys(directory, "server").getKeyManagers(), null, null);
    assertDoesNotThrow(() -> TlsRehearsal.run(context));
  }

  @Test
  void shouldSayThatAServerWithoutKeysCannot() throws Exception {
    KeyManagerFactory none = KeyManagerFactory.getInstance("SunX509");
    none.init(null, null);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(none.getKeyManagers(), null, null);
    assertThrows(SSLException.class, () -> TlsRehearsal.run(context));
  }
}
