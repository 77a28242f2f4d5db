module org.sluice.bench {
  requires transitive org.sluice.tools;
}
