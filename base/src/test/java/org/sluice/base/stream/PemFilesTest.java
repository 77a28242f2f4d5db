package org.sluice.base.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.ECPrivateKey;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PemFilesTest {
  /** As {@code openssl ecparam -name prime256v1 -genkey} writes it. */
  private static final String EC_KEY =
      """
      -----BEGIN EC PARAMETERS-----
      BggqhkjOPQMBBw==
      -----END EC PARAMETERS-----
      -----BEGIN EC PRIVATE KEY-----
      MHcCAQEEIANTKQ4N2+xWjcUupWF8CLvVDM8ZJIAu6xPxUz+kopgUoAoGCCqGSM49
      AwEHoUQDQgAE80lhpcSJ9D6NisZRSSqVISX0Mbivzz8J7uLAjLsWqeJZTTfp+4bE
      a9OxKCQcLLchmZnJRBgNNupwMIESYHfSGA==
      -----END EC PRIVATE KEY-----
      """;

  @TempDir Path directory;

  private Path file(String text) throws IOException {
    return Files.writeString(directory.resolve("key.pem"), text);
  }

  @Test
  void shouldReadAKeyInTheFormOfEllipticCurves() throws IOException {
    ECPrivateKey key = assertInstanceOf(ECPrivateKey.class, PemFiles.privateKey(file(EC_KEY)));
    assertEquals(
        "353290e0ddbec568dc52ea5617c08bbd50ccf1924802eeb13f1533fa4a29814", key.getS().toString(16));
    assertEquals(256, key.getParams().getCurve().getField().getFieldSize());
  }

  @Test
  void shouldRefuseAKeyThatIsCutOrDamagedInOneLine() throws IOException {
    String body = EC_KEY.replaceAll("(?s).*EC PRIVATE KEY-----(.*)-----END EC PRIV.*", "$1");
    byte[] whole = Base64.getMimeDecoder().decode(body);
    for (int length = 0; length < whole.length; length++) {
      // A length of nearly 2^32 where the first member has its own.
      byte[] damaged = Arrays.copyOf(whole, Math.max(length, 8));
      Arrays.fill(damaged, 1, Math.min(6, length + 1), (byte) 0xff);
      for (byte[] bad : new byte[][] {Arrays.copyOf(whole, length), damaged}) {
        Path file =
            file(
                "-----BEGIN EC PRIVATE KEY-----\n"
                    + Base64.getEncoder().encodeToString(bad)
                    + "\n-----END EC PRIVATE KEY-----\n");
        IOException e = assertThrows(IOException.class, () -> PemFiles.privateKey(file));
        assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
      }
    }
  }
}
