/**
 * What every other module stands on: clock, log, counters, agents, off-heap memory, system calls,
 * unixctl.
 */
module org.sluice.base {
  requires transitive com.fasterxml.jackson.databind;
  requires jdk.unsupported; // sun.misc.Signal: the only way to a signal

  exports org.sluice.base.clock;
  exports org.sluice.base.daemon;
  exports org.sluice.base.json;
  exports org.sluice.base.jsonrpc;
  exports org.sluice.base.linux;
  exports org.sluice.base.log;
  exports org.sluice.base.memory;
  exports org.sluice.base.pages;
  exports org.sluice.base.stats;
  exports org.sluice.base.stream;
  exports org.sluice.base.sync;
  exports org.sluice.base.unixctl;
}
