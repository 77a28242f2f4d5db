package org.sluice.vswitchd.bridge;

import java.nio.file.Path;
import org.sluice.base.stream.TlsSettings;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.transaction.Row;

/**
 * The SSL row: whose keys OpenFlow connections with TLS use.
 *
 * @param learns whether a missing {@code caCertificate} is made of what the first peer presents
 */
record DesiredTls(Path privateKey, Path certificate, Path caCertificate, boolean learns) {
  /** No row: what the command line said holds. */
  static final DesiredTls NONE = new DesiredTls(null, null, null, false);

  static DesiredTls read(Snapshot database, Row root) {
    for (Row row : database.rows("SSL", root.get("ssl").uuids())) {
      return new DesiredTls(
          Path.of(row.get("private_key").string()),
          Path.of(row.get("certificate").string()),
          Path.of(row.get("ca_cert").string()),
          row.get("bootstrap_ca_cert").bool(false));
    }
    return NONE;
  }

  /** What is to be used where {@code commandLine} was said at the start. */
  TlsSettings over(TlsSettings commandLine) {
    return equals(NONE)
        ? commandLine
        : commandLine.withKey(privateKey, certificate).withCa(caCertificate, learns);
  }
}
