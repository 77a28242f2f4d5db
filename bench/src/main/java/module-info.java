/** Benchmarks, each with its competitor beside it. */
module org.sluice.bench {
  requires transitive org.sluice.tools;
  requires transitive org.sluice.datapath;

  exports org.sluice.bench;
}
