module org.sluice.tools {
  requires transitive org.sluice.vswitchd;
}
