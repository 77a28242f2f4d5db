package org.sluice.base.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
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
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates in PEM files (RFC 7468). Stateless. */
final class PemFiles {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");

  /** AlgorithmIdentifier of RSA (RFC 8017, appendix A.1). */
  private static final byte[] RSA = HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  /** Object identifier of elliptic curve keys (RFC 5480, section 2.1.1). */
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");

  private static final byte[] VERSION = {0x02, 0x01, 0x00};

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
          return key(path, wrapped(RSA, body));
        }
        case "EC PRIVATE KEY" -> {
          return key(path, wrapped(curve(path, body), body));
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

  /** A key in its algorithm's own form becomes PKCS#8 (RFC 5208). */
  private static byte[] wrapped(byte[] algorithm, byte[] key) {
    return der(0x30, VERSION, algorithm, der(0x04, key));
  }

  /**
   * AlgorithmIdentifier of the curve that an EC private key (RFC 5915) is on: version, the key's
   * octets, and as a member tagged 0 the curve.
   */
  private static byte[] curve(Path path, byte[] key) throws IOException {
    try {
      ByteBuffer content = element(ByteBuffer.wrap(key), 0x30);
      element(content, 0x02);
      element(content, 0x04);
      ByteBuffer named = element(content, 0xa0);
      byte[] curve = new byte[named.remaining()];
      named.get(curve);
      return der(0x30, EC, curve);
    } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new IOException(path + ": EC private key that does not name its curve", e);
    }
  }

  /** The content of the next element, which must have that tag. */
  private static ByteBuffer element(ByteBuffer from, int tag) {
    if ((from.get() & 0xff) != tag) {
      throw new IllegalArgumentException("another tag");
    }
    int length = from.get() & 0xff;
    if (length > 0x80) {
      int bytes = length - 0x80;
      length = 0;
      for (int i = 0; i < Math.min(bytes, Integer.BYTES); i++) {
        length = (length << 8) | (from.get() & 0xff);
      }
    }
    ByteBuffer content = from.slice(from.position(), length);
    from.position(from.position() + length);
    return content;
  }

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      body.writeBytes(part);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    int length = body.size();
    if (length < 0x80) {
      out.write(length);
    } else {
      int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
      out.write(0x80 | bytes);
      for (int i = bytes - 1; i >= 0; i--) {
        out.write(length >> (8 * i));
      }
    }
    out.writeBytes(body.toByteArray());
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
