package org.sluice.vswitchd.ofproto;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.VlogRegistry;
import org.sluice.base.stream.Tls;

/** Connections of a switch that a test has put together. */
final class TestConnections {
  private TestConnections() {}

  /** Sockets lie in {@code directory}; what is logged goes to {@code log}. */
  static OfprotoConnections of(Ofproto ofproto, Path directory, Clock clock, OutputStream log) {
    return new OfprotoConnections(ofproto, surroundings(directory, clock, log));
  }

  static OpenFlowSurroundings surroundings(Path directory, Clock clock, OutputStream log) {
    VlogRegistry logs = new VlogRegistry(clock, "test", new PrintStream(log, true, UTF_8));
    return new OpenFlowSurroundings(
        directory,
        clock,
        NextHops.NONE,
        RequestOrder.strict(), // where one peer could hold up another, if they could at all
        new Tls(logs.vlog("stream_ssl")),
        new OpenFlowLogs(
            logs.vlog("connmgr"), logs.vlog("rconn"), logs.vlog("vconn"), logs.vlog("ofp_flow")));
  }
}
