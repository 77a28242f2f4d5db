package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.alg.Gateway;
import org.sluice.datapath.conntrack.protocol.TcpPeer;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.packet.IpProtocol;

/** Connections and expectations as {@code ovs-appctl dpctl/dump-conntrack} prints them. */
public final class ConnectionText {

  private ConnectionText() {}

  /**
   * A connection's line.
   *
   * @param verbose adds what {@code -m} adds: id, status, both sides' TCP state, the parent
   * @param statistics adds what {@code -s} adds: the timeout
   */
  public static String line(ConnectionSnapshot connection, boolean verbose, boolean statistics) {
    StringBuilder out = new StringBuilder(160);
    out.append(protocolName(connection.original().protocol()));
    appendTuple(out.append(",orig=("), connection.original());
    appendTuple(out.append("),reply=("), connection.reply());
    out.append(verbose ? "),id=0" : ")");
    appendZone(out, connection.zone());
    out.append(verbose ? ",status=0" : "");
    if (statistics) {
      out.append(",timeout=").append(connection.expiresInMs() / 1000);
    }
    appendMark(out, connection.mark(), connection.labelHigh(), connection.labelLow());
    connection.tcp().ifPresent(tcp -> appendTcp(out, tcp, verbose));
    if (connection.gateway() != Gateway.NONE) {
      out.append(",helper=").append(connection.gateway().text());
    }
    if (verbose && connection.parent().isPresent()) {
      appendTuple(out.append(",parent=("), connection.parent().get());
      out.append(')');
    }
    return out.toString();
  }

  /** An expectation's line. */
  public static String line(ExpectationSnapshot expectation) {
    StringBuilder out = new StringBuilder(160);
    out.append(protocolName(expectation.expected().protocol()));
    appendTuple(out.append(",orig=("), expectation.expected());
    out.append(')');
    appendZone(out, expectation.zone());
    appendMark(out, expectation.mark(), expectation.labelHigh(), expectation.labelLow());
    appendTuple(out.append(",parent=("), expectation.parent());
    return out.append(')').toString();
  }

  /** A port pool's line. */
  public static String line(PortPoolSnapshot pool) {
    StringBuilder out = new StringBuilder(160);
    out.append(protocolName(pool.protocol())).append(",translated=");
    out.append(address(pool.ipv6(), pool.translatedHigh(), pool.translatedLow()));
    out.append(",remote=").append(address(pool.ipv6(), pool.remoteHigh(), pool.remoteLow()));
    out.append(",port=").append(pool.remotePort());
    appendZone(out, pool.zone());
    return out.append(",used=").append(pool.used()).toString();
  }

  private static void appendZone(StringBuilder out, int zone) {
    if (zone != 0) {
      out.append(",zone=").append(zone);
    }
  }

  private static void appendMark(StringBuilder out, int mark, long labelHigh, long labelLow) {
    if (mark != 0) {
      out.append(",mark=").append(Integer.toUnsignedString(mark));
    }
    if (labelHigh != 0) {
      out.append(String.format(",labels=0x%x%016x", labelHigh, labelLow));
    } else if (labelLow != 0) {
      out.append(String.format(",labels=0x%x", labelLow));
    }
  }

  /** The tuple without brackets, as {@code src=10.0.0.1,dst=10.0.0.2,sport=1,dport=2}. */
  private static void appendTuple(StringBuilder out, ConnectionTuple tuple) {
    out.append("src=").append(address(tuple.ipv6(), tuple.sourceHigh(), tuple.sourceLow()));
    out.append(",dst=");
    out.append(address(tuple.ipv6(), tuple.destinationHigh(), tuple.destinationLow()));
    if (tuple.isIcmp()) {
      out.append(",id=").append(tuple.sourcePort());
      out.append(",type=").append(tuple.destinationPort() >>> 8);
      out.append(",code=").append(tuple.destinationPort() & 0xff);
    } else {
      out.append(",sport=").append(tuple.sourcePort());
      out.append(",dport=").append(tuple.destinationPort());
    }
  }

  private static String address(boolean ipv6, long high, long low) {
    return ipv6 ? AddressText.ipv6(high, low) : AddressText.ipv4((int) low);
  }

  /** The protocol's name, or its number. */
  public static String protocolName(int protocol) {
    return switch (protocol) {
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmpv6";
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.SCTP -> "sctp";
      case IpProtocol.UDP_LITE -> "udplite";
      case IpProtocol.DCCP -> "dccp";
      case IpProtocol.IGMP -> "igmp";
      default -> Integer.toString(protocol);
    };
  }

  private static void appendTcp(
      StringBuilder out, ConnectionSnapshot.TcpState tcp, boolean verbose) {
    if (!verbose) {
      out.append(",protoinfo=(state=").append(TcpPeer.stateName(tcp.summary())).append(')');
      return;
    }
    out.append(",protoinfo=(state_orig=").append(TcpPeer.stateName(tcp.originalState()));
    out.append(",state_reply=").append(TcpPeer.stateName(tcp.replyState()));
    int originalShift = tcp.originalScale() & TcpPeer.SCALE_MASK;
    int replyShift = tcp.replyScale() & TcpPeer.SCALE_MASK;
    if ((originalShift | replyShift) != 0) {
      out.append(",wscale_orig=").append(originalShift);
      out.append(",wscale_reply=").append(replyShift);
    }
    out.append(",flags_orig=").append(flags(tcp.originalScale()));
    out.append(",flags_reply=").append(flags(tcp.replyScale())).append(')');
  }

  /** The name of a TCP state. */
  public static String tcpStateName(int state) {
    return TcpPeer.stateName(state);
  }

  private static String flags(int scale) {
    if ((scale & TcpPeer.SCALE_KNOWN) != 0) {
      return "WINDOW_SCALE";
    }
    return (scale & TcpPeer.SCALE_UNKNOWN) != 0 ? "BE_LIBERAL" : "0";
  }
}
