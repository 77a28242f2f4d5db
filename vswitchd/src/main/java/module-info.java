module org.sluice.vswitchd {
  requires transitive org.sluice.openflow;
  requires transitive org.sluice.ovsdb;
}
