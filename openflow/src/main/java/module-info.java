module org.sluice.openflow {
  requires transitive org.sluice.datapath;
}
