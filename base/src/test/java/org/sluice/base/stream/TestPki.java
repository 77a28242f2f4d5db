package org.sluice.base.stream;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;

/** Keys and self-signed certificates for tests, made by the JDK's keytool, as PEM files. */
final class TestPki {
  private static final char[] PASSWORD = "secret".toCharArray();

  private TestPki() {}

  /** Makes {@code NAME.key} and {@code NAME.cert}, which vouches for itself. */
  static void make(Path directory, String name)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = directory.resolve(name + ".p12");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            "own",
            "-keyalg",
            "EC",
            "-dname",
            "CN=" + name + ",O=Test",
            "-storetype",
            "PKCS12",
            "-keystore",
            store.toString(),
            "-storepass",
            "secret");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getInputStream().readAllBytes();
    if (process.waitFor() != 0) {
      throw new IOException("keytool failed");
    }
    KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    Key key = keys.getKey("own", PASSWORD);
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    Files.writeString(
        directory.resolve(name + ".key"),
        "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n");
    Files.writeString(
        directory.resolve(name + ".cert"),
        PemFiles.text((X509Certificate) keys.getCertificate("own")));
  }

  /** Makes a key, for the JDK's own classes. */
  static KeyManagerFactory keys(Path directory, String name) throws Exception {
    make(directory, name);
    KeyStore store = KeyStore.getInstance(directory.resolve(name + ".p12").toFile(), PASSWORD);
    KeyManagerFactory factory = KeyManagerFactory.getInstance("SunX509");
    factory.init(store, PASSWORD);
    return factory;
  }

  /** Settings of one who has the key of {@code own} and trusts {@code peer}. */
  static TlsSettings settings(Path directory, String own, String peer) {
    return TlsSettings.NONE
        .withKey(directory.resolve(own + ".key"), directory.resolve(own + ".cert"))
        .withCa(directory.resolve(peer + ".cert"), false);
  }
}
