package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.protocol.Icmp;
import org.sluice.datapath.conntrack.table.ConnectionKey;
import org.sluice.datapath.conntrack.table.ConnectionRecord;
import org.sluice.datapath.packet.IpProtocol;

/**
 * A connection's tuple in one direction, for people and control code.
 *
 * @param ipv6 the address family; IPv4 addresses are in the low 32 bits of the low halves
 * @param sourcePort source port; of an ICMP query its identifier
 * @param destinationPort destination port; of an ICMP query its type &lt;&lt; 8 | code
 */
public record ConnectionTuple(
    boolean ipv6,
    int protocol,
    long sourceHigh,
    long sourceLow,
    long destinationHigh,
    long destinationLow,
    int sourcePort,
    int destinationPort) {

  /** The original direction's tuple in a record. */
  static ConnectionTuple of(long record) {
    long word = ConnectionRecord.word(record);
    boolean isIcmp = ConnectionKey.isIcmp(word);
    return new ConnectionTuple(
        ConnectionKey.isIpv6(word),
        ConnectionKey.protocol(word),
        ConnectionRecord.srcHi(record),
        ConnectionRecord.srcLo(record),
        ConnectionRecord.dstHi(record),
        ConnectionRecord.dstLo(record),
        ConnectionKey.sourcePort(word),
        isIcmp ? originalSource(word) << 8 : ConnectionKey.destinationPort(word));
  }

  /** The reply direction's tuple, which an alias holds as its own. */
  static ConnectionTuple ofReply(long alias) {
    ConnectionTuple tuple = of(alias);
    if (!tuple.isIcmp()) {
      return tuple;
    }
    int type = tuple.answer(tuple.destinationPort >>> 8);
    return new ConnectionTuple(
        tuple.ipv6,
        tuple.protocol,
        tuple.sourceHigh,
        tuple.sourceLow,
        tuple.destinationHigh,
        tuple.destinationLow,
        tuple.sourcePort,
        type << 8);
  }

  /** Fills in the key of a packet that has the tuple; not its hash. */
  void writeTo(ConnectionKey key, int zone) {
    key.srcHi = sourceHigh;
    key.srcLo = sourceLow;
    key.dstHi = destinationHigh;
    key.dstLo = destinationLow;
    int kind = ipv6 ? ConnectionKey.IPV6 : 0;
    if (isIcmp()) {
      kind |= Icmp.queryKind(ipv6, destinationPort >>> 8);
      key.setWord(sourcePort << 16 | sourcePort, zone, protocol, kind);
    } else {
      key.setWord(sourcePort << 16 | destinationPort, zone, protocol, kind);
    }
  }

  /** The other direction's tuple. */
  public ConnectionTuple reversed() {
    int source = destinationPort;
    int destination = sourcePort;
    if (isIcmp()) {
      source = sourcePort;
      destination = answer(destinationPort >>> 8) << 8;
    }
    return new ConnectionTuple(
        ipv6,
        protocol,
        destinationHigh,
        destinationLow,
        sourceHigh,
        sourceLow,
        source,
        destination);
  }

  private int answer(int type) {
    if (ipv6) {
      return type ^ 1;
    }
    return switch (type) {
      case 0 -> 8;
      case 8 -> 0;
      case 13, 15 -> type + 1;
      default -> type - 1;
    };
  }

  /** Whether it is of an ICMP query. */
  public boolean isIcmp() {
    return protocol == (ipv6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP);
  }

  /** What {@code ct_tp_src} shows for a connection with the key word: port, or ICMP type. */
  static int originalSource(long word) {
    return ConnectionKey.isIcmp(word)
        ? Icmp.requestType(ConnectionKey.isIpv6(word), ConnectionKey.icmpClass(word))
        : ConnectionKey.sourcePort(word);
  }

  /** What {@code ct_tp_dst} shows for a connection with the key word: port, or ICMP code. */
  static int originalDestination(long word) {
    return ConnectionKey.isIcmp(word) ? 0 : ConnectionKey.destinationPort(word);
  }
}
