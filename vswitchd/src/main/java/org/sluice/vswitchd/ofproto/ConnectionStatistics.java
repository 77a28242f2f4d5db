package org.sluice.vswitchd.ofproto;

import org.sluice.datapath.conntrack.ConnectionCounts;
import org.sluice.datapath.conntrack.ConnectionText;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.protocol.TcpPeer;
import org.sluice.datapath.packet.IpProtocol;

/** The text of {@code dpctl/ct-stats-show}. Keeps nothing. */
final class ConnectionStatistics {
  private static final int[] PROTOCOLS = {
    IpProtocol.TCP,
    IpProtocol.UDP,
    IpProtocol.UDP_LITE,
    IpProtocol.SCTP,
    IpProtocol.ICMP,
    IpProtocol.DCCP,
    IpProtocol.IGMP
  };
  private static final String[] NAMES = {"TCP", "UDP", "UDPLITE", "SCTP", "ICMP", "DCCP", "IGMP"};

  private ConnectionStatistics() {}

  /** Counts by protocol, where there are any; {@code verbose} tells TCP states apart. */
  static String text(ConnectionCounts.Snapshot counts, boolean verbose) {
    StringBuilder text = new StringBuilder("Connections Stats:\n    Total: ");
    text.append(counts.total()).append('\n');
    int others = counts.total() - counts.ofProtocol(IpProtocol.ICMPV6); // Open vSwitch omits them
    for (int i = 0; i < PROTOCOLS.length; i++) {
      int count = counts.ofProtocol(PROTOCOLS[i]);
      others -= count;
      append(text, NAMES[i], count);
      if (verbose && i == 0 && count != 0) {
        appendTcp(text, counts);
      }
    }
    append(text, "Other", others);
    return text.toString();
  }

  /** What memory is held; all that is used, shared among the connections there are. */
  static String memory(Conntrack conntrack, int connections) {
    String text = "  Memory: " + conntrack.memoryBytes() + " bytes";
    return connections == 0
        ? text + "\n"
        : text + ", " + conntrack.usedBytes() / connections + " per connection\n";
  }

  private static void append(StringBuilder text, String name, int count) {
    if (count != 0) {
      text.append("  ").append(name).append(": ").append(count).append('\n');
    }
  }

  private static void appendTcp(StringBuilder text, ConnectionCounts.Snapshot counts) {
    text.append("    Conn per TCP states:\n");
    for (int state = 0; state < TcpPeer.STATES; state++) {
      int count = counts.ofTcpState(state);
      if (count != 0) {
        text.append("\t  [").append(ConnectionText.tcpStateName(state)).append("]=");
        text.append(count).append('\n');
      }
    }
  }
}
