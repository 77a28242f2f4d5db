package org.sluice.vswitchd.ofproto;

import java.util.Optional;
import java.util.function.Predicate;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionTuple;
import org.sluice.openflow.message.CtFlush;

/**
 * Which connections a controller's message means: those that have all of it that is not 0.
 * Immutable.
 */
final class FlushFilter implements Predicate<ConnectionSnapshot> {
  private static final long IPV4_BITS = 0xffff_ffffL;

  private final CtFlush wanted;

  FlushFilter(CtFlush wanted) {
    this.wanted = wanted;
  }

  @Override
  public boolean test(ConnectionSnapshot connection) {
    return (wanted.zone() == null || wanted.zone() == connection.zone())
        && has(wanted.mark(), 0, connection.mark())
        && has(wanted.labels(), connection.labelHigh(), connection.labelLow())
        && (wanted.protocol() == 0 || wanted.protocol() == connection.original().protocol())
        && has(wanted.original(), connection.original())
        && has(wanted.reply(), connection.reply());
  }

  /** The tuple that is meant, if everything of one is said, and nothing else but a zone. */
  Optional<ConnectionTuple> wholeTuple() {
    CtFlush.Tuple tuple = wanted.original();
    boolean isOnly = wanted.mark().isAny() && wanted.labels().isAny() && isAny(wanted.reply());
    boolean isWhole =
        wanted.protocol() != 0
            && !tuple.source().isAny()
            && !tuple.destination().isAny()
            && (wanted.isIcmp()
                || (tuple.ports().source() != 0 && tuple.ports().destination() != 0));
    return isOnly && isWhole ? Optional.of(connectionTuple(tuple)) : Optional.empty();
  }

  private ConnectionTuple connectionTuple(CtFlush.Tuple tuple) {
    boolean ipv6 = !tuple.source().isIpv4();
    return new ConnectionTuple(
        ipv6,
        wanted.protocol(),
        ipv6 ? tuple.source().high() : 0,
        low(tuple.source()),
        ipv6 ? tuple.destination().high() : 0,
        low(tuple.destination()),
        wanted.isIcmp() ? tuple.icmp().id() : tuple.ports().source(),
        wanted.isIcmp() ? typeAndCode(tuple) : tuple.ports().destination());
  }

  private static long low(CtFlush.Address address) {
    return address.isIpv4() ? address.low() & IPV4_BITS : address.low();
  }

  private static int typeAndCode(CtFlush.Tuple tuple) {
    return tuple.icmp().type() << 8 | tuple.icmp().code();
  }

  private boolean isAny(CtFlush.Tuple tuple) {
    return wanted.isIcmp()
        ? tuple.equals(CtFlush.Tuple.ANY)
        : tuple.source().isAny()
            && tuple.destination().isAny()
            && tuple.ports().equals(CtFlush.Tuple.ANY.ports());
  }

  private static boolean has(CtFlush.Bits bits, long high, long low) {
    return ((bits.high() ^ high) & bits.maskHigh()) == 0
        && ((bits.low() ^ low) & bits.maskLow()) == 0;
  }

  private boolean has(CtFlush.Tuple tuple, ConnectionTuple found) {
    boolean ipv6 = found.ipv6();
    return has(tuple.source(), ipv6, found.sourceHigh(), found.sourceLow())
        && has(tuple.destination(), ipv6, found.destinationHigh(), found.destinationLow())
        && (isAny(tuple) || hasEnds(tuple, found));
  }

  private static boolean has(CtFlush.Address address, boolean ipv6, long high, long low) {
    if (address.isAny()) {
      return true;
    }
    return address.isIpv4()
        ? !ipv6 && low == low(address)
        : ipv6 && high == address.high() && low == address.low();
  }

  /** ICMP has no number that means any. */
  private boolean hasEnds(CtFlush.Tuple tuple, ConnectionTuple found) {
    if (wanted.isIcmp()) {
      return found.sourcePort() == tuple.icmp().id()
          && found.destinationPort() == typeAndCode(tuple);
    }
    CtFlush.Ports ports = tuple.ports();
    return (ports.source() == 0 || ports.source() == found.sourcePort())
        && (ports.destination() == 0 || ports.destination() == found.destinationPort());
  }
}
