package org.sluice.vswitchd.ofproto;

import java.nio.file.Path;
import org.sluice.base.clock.Clock;
import org.sluice.base.stream.Tls;

/**
 * What all OpenFlow connections of a switch share.
 *
 * @param runDirectory where sockets are made, and relative Unix paths start
 * @param nextHops where packets to controllers go
 * @param order in which requests are handled
 * @param tls what {@code ssl:} and {@code pssl:} use
 */
public record OpenFlowSurroundings(
    Path runDirectory,
    Clock clock,
    NextHops nextHops,
    RequestOrder order,
    Tls tls,
    OpenFlowLogs logs) {}
