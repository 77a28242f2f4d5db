module org.sluice.ovsdb {
  requires transitive org.sluice.base;
}
