/** The switch above the datapath: tables, bridging, translation, bridges from the database. */
module org.sluice.vswitchd {
  requires transitive org.sluice.openflow;
  requires transitive org.sluice.ovsdb;

  exports org.sluice.vswitchd.bridge;
  exports org.sluice.vswitchd.classifier;
  exports org.sluice.vswitchd.l2;
  exports org.sluice.vswitchd.ofproto;
  exports org.sluice.vswitchd.translate;
}
