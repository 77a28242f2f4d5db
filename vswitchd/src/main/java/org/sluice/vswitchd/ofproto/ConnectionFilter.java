package org.sluice.vswitchd.ofproto;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.sluice.datapath.conntrack.ConnectionSnapshot;
import org.sluice.datapath.conntrack.ConnectionTuple;
import org.sluice.datapath.conntrack.TuplePattern;
import org.sluice.datapath.flow.FlowSyntaxException;

/**
 * Which connections a command means: {@code [zone=N] [mark=X[/M]] [labels=Y[/N]] [ORIGINAL-TUPLE
 * [REPLY-TUPLE]]}, in this order, each of which may be left out. Immutable.
 */
final class ConnectionFilter implements Predicate<ConnectionSnapshot> {
  private final OptionalInt zone;
  private final TuplePattern original;
  private final boolean isTupleOnly;
  private final boolean isForAll;
  private final Predicate<ConnectionSnapshot> all;

  private ConnectionFilter(List<String> arguments) throws FlowSyntaxException {
    Deque<String> left = new ArrayDeque<>(arguments);
    String zoneText = take(left, "zone=");
    String mark = take(left, "mark=");
    String labels = take(left, "labels=");
    zone =
        zoneText == null
            ? OptionalInt.empty()
            : OptionalInt.of(number(zoneText, 16, "zone").intValue());
    Predicate<ConnectionSnapshot> others = mark(mark).and(labels(labels));
    original = TuplePattern.parse(left.isEmpty() ? "" : left.pop());
    TuplePattern reply = original.parseReply(left.isEmpty() ? "" : left.pop());
    if (!left.isEmpty()) {
      throw new FlowSyntaxException("invalid arguments");
    }
    isTupleOnly = mark == null && labels == null && reply.isEmpty();
    isForAll = isTupleOnly && zone.isEmpty() && original.isEmpty();
    all =
        others.and(connection ->
            original.matches(connection.original()) && reply.matches(connection.reply()));
  }

  /** The connections that agree with all of {@code arguments}. */
  static ConnectionFilter parse(List<String> arguments) throws FlowSyntaxException {
    return new ConnectionFilter(arguments);
  }

  @Override
  public boolean test(ConnectionSnapshot connection) {
    return includesZone(connection.zone()) && all.test(connection);
  }

  /** Whether it may mean connections of a zone. */
  boolean includesZone(int number) {
    return zone.isEmpty() || zone.getAsInt() == number;
  }

  /** Whether it means all connections. */
  boolean isForAll() {
    return isForAll;
  }

  /** The zone that it means; empty for all. */
  OptionalInt zone() {
    return zone;
  }

  /** The tuple that it means, if it names all parts of one and nothing else but a zone. */
  Optional<ConnectionTuple> wholeTuple() {
    return isTupleOnly ? original.whole() : Optional.empty();
  }

  /** Takes the first argument if it begins so; returns what follows, or null. */
  private static String take(Deque<String> left, String key) {
    boolean there = !left.isEmpty() && left.peek().startsWith(key);
    return there ? left.pop().substring(key.length()) : null;
  }

  private static Predicate<ConnectionSnapshot> mark(String text) throws FlowSyntaxException {
    if (text == null) {
      return connection -> true;
    }
    int mark = number(value(text), 32, "mark").intValue();
    int mask = number(mask(text), 32, "mark").intValue();
    return connection -> ((connection.mark() ^ mark) & mask) == 0;
  }

  private static Predicate<ConnectionSnapshot> labels(String text) throws FlowSyntaxException {
    if (text == null) {
      return connection -> true;
    }
    BigInteger label = number(value(text), 128, "labels");
    BigInteger mask = number(mask(text), 128, "labels");
    long maskHigh = mask.shiftRight(64).longValue();
    long high = label.shiftRight(64).longValue();
    return connection ->
        ((connection.labelHigh() ^ high) & maskHigh) == 0
            && ((connection.labelLow() ^ label.longValue()) & mask.longValue()) == 0;
  }

  private static String value(String text) {
    int slash = text.indexOf('/');
    return slash < 0 ? text : text.substring(0, slash);
  }

  private static String mask(String text) {
    int slash = text.indexOf('/');
    return slash < 0 ? "0x" + "f".repeat(32) : text.substring(slash + 1);
  }

  /** Decimal, or hexadecimal behind {@code 0x}. */
  private static BigInteger number(String text, int bits, String what) throws FlowSyntaxException {
    try {
      boolean hex = text.startsWith("0x") || text.startsWith("0X");
      BigInteger number = hex ? new BigInteger(text.substring(2), 16) : new BigInteger(text);
      boolean isWhole = hex && number.bitCount() == 128; // the mask of all bits, however many
      if (number.signum() >= 0 && (number.bitLength() <= bits || isWhole)) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new FlowSyntaxException("failed to parse " + what);
    }
    throw new FlowSyntaxException("failed to parse " + what);
  }
}
