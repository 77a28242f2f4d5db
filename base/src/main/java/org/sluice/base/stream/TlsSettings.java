package org.sluice.base.stream;

import java.nio.file.Path;

/**
 * What TLS is told by options or by a database. Immutable; a null stands for what was not said.
 *
 * @param privateKey PEM file
 * @param certificate PEM file, the own certificate first
 * @param caCertificate PEM file of those who may vouch for peers; {@code none} for no check at all
 * @param bootstrap whether a missing {@code caCertificate} is to be learnt from the first peer
 * @param peerCaCertificate PEM file sent to peers so that they can bootstrap
 * @param protocols such as {@code TLSv1.2,TLSv1.3}, {@code TLSv1.2-TLSv1.3} or {@code TLSv1.3+}
 * @param ciphers OpenSSL's list for TLS 1.2
 * @param ciphersuites OpenSSL's list for TLS 1.3
 * @param serverName what a client says it is looking for (SNI, RFC 6066), instead of the host's
 *     name
 */
public record TlsSettings(
    Path privateKey,
    Path certificate,
    Path caCertificate,
    boolean bootstrap,
    Path peerCaCertificate,
    String protocols,
    String ciphers,
    String ciphersuites,
    String serverName) {
  /** Nothing was said. */
  public static final TlsSettings NONE =
      new TlsSettings(null, null, null, false, null, null, null, null, null);

  /** The same with another key and certificate. */
  public TlsSettings withKey(Path key, Path cert) {
    return new TlsSettings(
        key,
        cert,
        caCertificate,
        bootstrap,
        peerCaCertificate,
        protocols,
        ciphers,
        ciphersuites,
        serverName);
  }

  /** The same with other trusted certificates. */
  public TlsSettings withCa(Path ca, boolean learn) {
    return new TlsSettings(
        privateKey,
        certificate,
        ca,
        learn,
        peerCaCertificate,
        protocols,
        ciphers,
        ciphersuites,
        serverName);
  }

  /** The same with another chain for peers to learn. */
  public TlsSettings withPeerCa(Path ca) {
    return new TlsSettings(
        privateKey,
        certificate,
        caCertificate,
        bootstrap,
        ca,
        protocols,
        ciphers,
        ciphersuites,
        serverName);
  }

  /** The same with other protocols and ciphers. */
  public TlsSettings withCiphers(String newProtocols, String newCiphers, String newSuites) {
    return new TlsSettings(
        privateKey,
        certificate,
        caCertificate,
        bootstrap,
        peerCaCertificate,
        newProtocols,
        newCiphers,
        newSuites,
        serverName);
  }

  /** The same with another name to ask servers for. */
  public TlsSettings withServerName(String name) {
    return new TlsSettings(
        privateKey,
        certificate,
        caCertificate,
        bootstrap,
        peerCaCertificate,
        protocols,
        ciphers,
        ciphersuites,
        name);
  }
}
