package org.sluice.vswitchd.ofproto;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionText;

/** Counts connections by protocol and TCP state. Filled and read by one thread. */
final class ConnectionStatistics {
  private static final String[] PROTOCOLS = {
    "tcp", "TCP", "udp", "UDP", "udplite", "UDPLITE", "sctp", "SCTP", "icmp", "ICMP", "dccp",
    "DCCP", "igmp", "IGMP"
  };

  private final Map<String, Integer> byProtocol = new LinkedHashMap<>();
  private final Map<Integer, Integer> byTcpState = new TreeMap<>();
  private int others;
  private int total;

  ConnectionStatistics() {
    for (int i = 0; i < PROTOCOLS.length; i += 2) {
      byProtocol.put(PROTOCOLS[i], 0);
    }
  }

  void add(ConnectionSnapshot connection) {
    total++;
    String protocol = ConnectionText.protocolName(connection.original().protocol());
    if (byProtocol.containsKey(protocol)) {
      byProtocol.merge(protocol, 1, Integer::sum);
    } else if (!protocol.equals("icmpv6")) {
      others++;
    }
    connection.tcp().ifPresent(tcp -> byTcpState.merge(tcp.summary(), 1, Integer::sum));
  }

  /** The text of {@code ct-stats-show}; {@code verbose} tells TCP states apart. */
  String text(boolean verbose) {
    StringBuilder text = new StringBuilder("Connections Stats:\n    Total: " + total + "\n");
    for (int i = 0; i < PROTOCOLS.length; i += 2) {
      int count = byProtocol.get(PROTOCOLS[i]);
      if (count != 0) {
        append(text, PROTOCOLS[i + 1], count);
        if (verbose && i == 0) {
          appendTcp(text);
        }
      }
    }
    if (others != 0) {
      append(text, "Other", others);
    }
    return text.toString();
  }

  private static void append(StringBuilder text, String name, int count) {
    text.append("  ").append(name).append(": ").append(count).append('\n');
  }

  private void appendTcp(StringBuilder text) {
    text.append("    Conn per TCP states:\n");
    byTcpState.forEach((state, count) ->
        text.append("\t  [")
            .append(ConnectionText.tcpStateName(state))
            .append("]=")
            .append(count)
            .append('\n'));
  }
}
