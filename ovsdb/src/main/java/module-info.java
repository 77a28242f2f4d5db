/**
 * OVSDB (RFC 7047 and OVS's extensions): values, schemas, transactions, the file, a server and a
 * client.
 */
module org.sluice.ovsdb {
  requires transitive org.sluice.base;
  requires jdk.unsupported; // ExtendedOpenOption.DIRECT

  exports org.sluice.ovsdb.data;
  exports org.sluice.ovsdb.schema;
  exports org.sluice.ovsdb.transaction;
  exports org.sluice.ovsdb.client;
  exports org.sluice.ovsdb.storage;
  exports org.sluice.ovsdb.server;
}
