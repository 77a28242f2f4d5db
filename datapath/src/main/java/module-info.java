module org.sluice.datapath {
  requires transitive org.sluice.base;
}
