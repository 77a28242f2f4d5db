/** Benchmarks, each with its competitor beside it. */
module org.sluice.bench {
  requires transitive org.sluice.tools;
  requires transitive org.sluice.datapath;
  requires info.picocli;
  requires jdk.management;

  exports org.sluice.bench;

  opens org.sluice.bench to
      info.picocli;
  opens org.sluice.bench.connections to
      info.picocli;
  opens org.sluice.bench.network to
      info.picocli;
  opens org.sluice.bench.openflow to
      info.picocli;
  opens org.sluice.bench.ovsdb to
      info.picocli;
  opens org.sluice.bench.parts to
      info.picocli;

  provides org.sluice.tools.Command with
      org.sluice.bench.BenchCommand;
}
