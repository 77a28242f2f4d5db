package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.datapath.Port;
import org.sluice.datapath.netdev.NetdevStatistics;
import org.sluice.openflow.message.PortStats;

/** A port's counters as OpenFlow shows them. */
final class PortCounters {
  private static final long UNKNOWN = -1;

  private PortCounters() {}

  /** The counters of {@code port}; {@code attached} is null where it has no device. */
  static PortStats of(SwitchPort port, Port attached, long nowNs) {
    NetdevStatistics counted =
        attached == null
            ? new NetdevStatistics(0, 0, 0, 0, 0, 0, 0, 0)
            : attached.netdev().statistics();
    return new PortStats(
        port.number(),
        new PortStats.Direction(
            counted.rxPackets(), counted.rxBytes(), counted.rxDropped(), counted.rxErrors()),
        new PortStats.Direction(
            counted.txPackets(), counted.txBytes(), counted.txDropped(), counted.txErrors()),
        PortStats.ReceiveErrors.UNKNOWN,
        UNKNOWN,
        Ofproto.age(port.addedNs(), nowNs),
        null,
        attached == null ? List.of() : custom(attached));
  }

  private static List<PortStats.Counter> custom(Port attached) {
    List<PortStats.Counter> counters = new ArrayList<>();
    attached
        .netdev()
        .customStatistics()
        .forEach((name, value) -> counters.add(new PortStats.Counter(name, value)));
    return counters;
  }
}
