package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.conntrack.ConnectionTuple;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.openflow.message.CtFlush;

/**
 * Forgets connections. A tuple that names everything means the one connection that such a packet
 * would belong to, in either direction, and is looked up; anything less is looked for. Stateless.
 */
final class ConnectionFlush {
  private ConnectionFlush() {}

  /** Flushes as a command asks; false if it named one connection and there is none. */
  static boolean flush(Conntrack conntrack, List<String> arguments) throws FlowSyntaxException {
    ConnectionFilter filter = ConnectionFilter.parse(arguments);
    if (filter.isForAll()) {
      conntrack.flush();
      return true;
    }
    ConnectionTuple tuple = filter.wholeTuple().orElse(null);
    if (tuple != null) {
      return conntrack.flush(tuple, filter.zone().orElse(0));
    }
    conntrack.flush(filter);
    return true;
  }

  /** Flushes as an OpenFlow message asks, whose fields are those of the command. */
  static void flush(Conntrack conntrack, CtFlush message) {
    try {
      flush(conntrack, words(message));
    } catch (FlowSyntaxException e) {
      throw new IllegalStateException("a message that makes no filter: " + message, e);
    }
  }

  private static List<String> words(CtFlush message) {
    List<String> words = new ArrayList<>();
    if (message.zone() != null) {
      words.add("zone=" + message.zone());
    }
    if (!message.mark().isAny()) {
      words.add("mark=" + hex(message.mark(), false) + "/" + hex(message.mark(), true));
    }
    if (!message.labels().isAny()) {
      words.add("labels=" + hex(message.labels(), false) + "/" + hex(message.labels(), true));
    }
    words.add(tuple(message, message.original(), true));
    words.add(tuple(message, message.reply(), false));
    return words;
  }

  private static String hex(CtFlush.Bits bits, boolean mask) {
    long high = mask ? bits.maskHigh() : bits.high();
    return String.format("0x%x%016x", high, mask ? bits.maskLow() : bits.low());
  }

  private static String tuple(CtFlush message, CtFlush.Tuple tuple, boolean isOriginal) {
    List<String> parts = new ArrayList<>();
    if (isOriginal && message.protocol() != 0) {
      parts.add("ct_nw_proto=" + message.protocol());
    }
    addAddress(parts, "src", tuple.source());
    addAddress(parts, "dst", tuple.destination());
    if (message.isIcmp()) {
      if (!tuple.equals(CtFlush.Tuple.ANY)) {
        parts.add("icmp_id=" + tuple.icmp().id());
        parts.add("icmp_type=" + tuple.icmp().type());
        parts.add("icmp_code=" + tuple.icmp().code());
      }
    } else {
      addPort(parts, "ct_tp_src=", tuple.ports().source());
      addPort(parts, "ct_tp_dst=", tuple.ports().destination());
    }
    return String.join(",", parts);
  }

  private static void addAddress(List<String> parts, String end, CtFlush.Address address) {
    if (address.isIpv4()) {
      parts.add("ct_nw_" + end + "=" + AddressText.ipv4((int) address.low()));
    } else if (!address.isAny()) {
      parts.add("ct_ipv6_" + end + "=" + AddressText.ipv6(address.high(), address.low()));
    }
  }

  private static void addPort(List<String> parts, String key, int port) {
    if (port != 0) {
      parts.add(key + port);
    }
  }
}
