package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowWords;

/**
 * Exchanges a packet's addresses, protocol and ports with those of its connection's first packet,
 * as {@code resubmit(,table,ct)} asks.
 *
 * @param ipv4 whether the packet is IPv4, else it is IPv6
 */
record TupleSwap(boolean ipv4) {
  private static final List<Field> PORTS = List.of(Field.NW_PROTO, Field.TCP_SRC, Field.TCP_DST);
  private static final List<Field> CT_PORTS =
      List.of(Field.CT_NW_PROTO, Field.CT_TP_SRC, Field.CT_TP_DST);

  void apply(FlowWords words) {
    for (int i = 0; i < PORTS.size(); i++) {
      exchange(words, PORTS.get(i), CT_PORTS.get(i));
    }
    exchange(
        words, ipv4 ? Field.IP_SRC : Field.IPV6_SRC, ipv4 ? Field.CT_NW_SRC : Field.CT_IPV6_SRC);
    exchange(
        words, ipv4 ? Field.IP_DST : Field.IPV6_DST, ipv4 ? Field.CT_NW_DST : Field.CT_IPV6_DST);
  }

  private static void exchange(FlowWords words, Field a, Field b) {
    long high = words.getHigh(a);
    long low = words.get(a);
    words.set(a, words.getHigh(b), words.get(b));
    words.set(b, high, low);
  }
}
