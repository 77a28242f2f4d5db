package org.sluice.base.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates in PEM files (RFC 7468). Stateless. */
final class PemFiles {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /** AlgorithmIdentifier of RSA, with which PKCS#1 becomes PKCS#8. */
  private static final byte[] RSA = {
    0x30,
    0x0d,
    0x06,
    0x09,
    0x2a,
    (byte) 0x86,
    0x48,
    (byte) 0x86,
    (byte) 0xf7,
    0x0d,
    0x01,
    0x01,
    0x01,
    0x05,
    0x00
  };

  private PemFiles() {}

  /** The first private key of a file. */
  static PrivateKey privateKey(Path path) throws IOException {
    Matcher matcher = BLOCK.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
    while (matcher.find()) {
      byte[] body = Base64.getMimeDecoder().decode(matcher.group(2));
      switch (matcher.group(1)) {
        case "PRIVATE KEY" -> {
          return key(path, body);
        }
        case "RSA PRIVATE KEY" -> {
          return key(path, wrapped(body));
        }
        default -> {}
      }
    }
    throw new IOException(path + ": no private key in it, or of a kind that is not understood");
  }

  private static PrivateKey key(Path path, byte[] pkcs8) throws IOException {
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(pkcs8);
    for (String algorithm : List.of("RSA", "EC", "Ed25519", "RSASSA-PSS", "DSA")) {
      PrivateKey key = keyOrNull(algorithm, spec);
      if (key != null) {
        return key;
      }
    }
    throw new IOException(path + ": private key of an unknown algorithm");
  }

  private static PrivateKey keyOrNull(String algorithm, PKCS8EncodedKeySpec spec) {
    try {
      return KeyFactory.getInstance(algorithm).generatePrivate(spec);
    } catch (GeneralSecurityException _) {
      return null;
    }
  }

  private static byte[] wrapped(byte[] pkcs1) {
    byte[] octets = der(0x04, pkcs1);
    byte[] version = {0x02, 0x01, 0x00};
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    body.writeBytes(version);
    body.writeBytes(RSA);
    body.writeBytes(octets);
    return der(0x30, body.toByteArray());
  }

  private static byte[] der(int tag, byte[] body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (body.length < 0x80) {
      out.write(body.length);
    } else {
      int bytes = body.length < 0x100 ? 1 : body.length < 0x10000 ? 2 : 3;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(body.length >> (8 * i));
      }
    }
    out.writeBytes(body);
    return out.toByteArray();
  }

  /** All certificates of a file, in order; at least one. */
  static List<X509Certificate> certificates(Path path) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(Files.readString(path, StandardCharsets.ISO_8859_1));
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      while (matcher.find()) {
        if (matcher.group(1).equals("CERTIFICATE")) {
          byte[] body = Base64.getMimeDecoder().decode(matcher.group(2));
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(body)));
        }
      }
    } catch (CertificateException e) {
      throw new IOException(path + ": " + e.getMessage(), e);
    }
    if (certificates.isEmpty()) {
      throw new IOException(path + ": no certificate in it");
    }
    return certificates;
  }

  /** A certificate as a PEM block. */
  static String text(X509Certificate certificate) throws CertificateException {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
    return "-----BEGIN CERTIFICATE-----\n"
        + encoder.encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }
}
