package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.CtGateway;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.match.ActionOrder;
import org.sluice.openflow.text.Colors.Ink;

/** The {@code ct(...)} and {@code nat(...)} actions. Used by one thread. */
final class CtText {
  private int flags;
  private FieldSlice zoneField;
  private int zone;
  private int table = Ct.NO_TABLE;
  private int alg;
  private final List<OfAction> actions = new ArrayList<>();

  private CtText() {}

  static Ct parse(String value, ActionParser parser) throws OfSyntaxException {
    CtText parsed = new CtText();
    KeyValues pairs = new KeyValues(value);
    while (pairs.next()) {
      parsed.put(pairs.key(), pairs.value(), parser);
    }
    if ((parsed.flags & Ct.FORCE) != 0 && (parsed.flags & Ct.COMMIT) == 0) {
      throw new OfSyntaxException("\"force\" flag requires \"commit\" flag.");
    }
    return new Ct(
        parsed.flags, parsed.zoneField, parsed.zone, parsed.table, parsed.alg, parsed.actions);
  }

  private void put(String key, String value, ActionParser parser) throws OfSyntaxException {
    switch (key) {
      case "commit" -> flags |= Ct.COMMIT;
      case "force" -> flags |= Ct.FORCE;
      case "table" -> {
        table = parser.table(value, "unknown table " + value);
        if (table == Ct.NO_TABLE) {
          throw new OfSyntaxException("invalid table 0xff");
        }
      }
      case "zone" -> putZone(value);
      case "alg" -> alg = alg(value);
      case "nat" -> actions.add(parseNat(value));
      case "exec" -> actions.addAll(parser.parseNested(value, ActionOrder.Place.CT));
      default -> throw new OfSyntaxException("invalid argument to \"ct\" action: `" + key + "'");
    }
  }

  private void putZone(String value) throws OfSyntaxException {
    Numbers.Prefix number = Numbers.prefix(value);
    if (number.length() == value.length() && HeaderActionParser.fits(number, 16)) {
      zone = (int) number.low();
    } else {
      zoneField = SliceText.parse(value);
    }
  }

  /** A name, or the number that Open vSwitch's tools print for a name that they do not know. */
  private static int alg(String value) throws OfSyntaxException {
    CtGateway gateway = CtGateway.named(value);
    Numbers.Prefix number = Numbers.prefix(value);
    if (gateway == null && number.length() == value.length() && number.length() > 0) {
      gateway = CtGateway.ofPort((int) Math.min(number.low() & Long.MAX_VALUE, 1 << 16));
    }
    if (gateway == null) {
      throw new OfSyntaxException("invalid conntrack helper \"" + value + "\"");
    }
    return gateway.port();
  }

  static Nat parseNat(String value) throws OfSyntaxException {
    int flags = 0;
    NatRangeText range = NatRangeText.NONE;
    KeyValues pairs = new KeyValues(value);
    while (pairs.next()) {
      switch (pairs.key()) {
        case "src" -> {
          flags |= Nat.SRC;
          range = NatRangeText.parse(pairs.value());
        }
        case "dst" -> {
          flags |= Nat.DST;
          range = NatRangeText.parse(pairs.value());
        }
        case "persistent" -> flags |= Nat.PERSISTENT;
        case "hash" -> flags |= Nat.HASH;
        case "random" -> flags |= Nat.RANDOM;
        default ->
            throw new OfSyntaxException("invalid key \"" + pairs.key() + "\" in \"nat\" argument");
      }
    }
    checkNat(flags);
    return new Nat(flags, range.addresses(), range.minPort(), range.maxPort());
  }

  private static void checkNat(int flags) throws OfSyntaxException {
    int directions = flags & (Nat.SRC | Nat.DST);
    if (directions == (Nat.SRC | Nat.DST)) {
      throw new OfSyntaxException("May only specify one of \"src\" or \"dst\".");
    }
    if (directions == 0 && flags != 0) {
      throw new OfSyntaxException("Flags allowed only with \"src\" or \"dst\".");
    }
    if ((flags & Nat.HASH) != 0 && (flags & Nat.RANDOM) != 0) {
      throw new OfSyntaxException("Both \"hash\" and \"random\" are not allowed.");
    }
  }

  static String format(Ct ct, ActionFormatter formatter) {
    Painter painter = formatter.names().painter();
    StringBuilder out = new StringBuilder(painter.paint(Ink.PARENTHESIS, "ct("));
    for (String argument : arguments(ct, formatter.names())) {
      out.append(painter.argument(argument)).append(',');
    }
    addActions(ct.actions(), out, formatter);
    if (ct.alg() != 0) {
      CtGateway gateway = CtGateway.ofPort(ct.alg());
      String alg = gateway == null ? Integer.toString(ct.alg()) : gateway.text();
      out.append(painter.argument("alg=" + alg)).append(',');
    }
    if (out.charAt(out.length() - 1) == ',') {
      out.setLength(out.length() - 1);
    }
    return out.append(painter.paint(Ink.PARENTHESIS, ")")).toString();
  }

  private static List<String> arguments(Ct ct, Names names) {
    List<String> arguments = new ArrayList<>();
    if (ct.commit()) {
      arguments.add("commit");
    }
    if (ct.force()) {
      arguments.add("force");
    }
    if (ct.recirculates()) {
      arguments.add("table=" + names.tableText(ct.table()));
    }
    if (ct.zoneField() != null) {
      arguments.add("zone=" + SliceText.format(ct.zoneField()));
    } else if (ct.zone() != 0) {
      arguments.add("zone=" + ct.zone());
    }
    return arguments;
  }

  /**
   * Open vSwitch colours the comma after {@code exec} too, and so keeps it where it is the last.
   */
  private static void addActions(
      List<OfAction> actions, StringBuilder out, ActionFormatter formatter) {
    Painter painter = formatter.names().painter();
    boolean natFirst = !actions.isEmpty() && actions.getFirst() instanceof Nat;
    if (natFirst) {
      out.append(formatter.format(actions.getFirst())).append(',');
    }
    List<OfAction> exec = natFirst ? actions.subList(1, actions.size()) : actions;
    if (!exec.isEmpty()) {
      out.append(painter.paint(Ink.PARENTHESIS, "exec(")).append(formatter.format(exec));
      out.append(painter.paint(Ink.PARENTHESIS, "),"));
    }
  }

  static String formatNat(Nat nat) {
    if (!nat.has(Nat.SRC) && !nat.has(Nat.DST)) {
      return "nat";
    }
    StringJoiner parts = new StringJoiner(",", "nat(", ")");
    String direction = nat.has(Nat.SRC) ? "src" : "dst";
    if (nat.addresses() == null) {
      return parts.add(direction).toString();
    }
    parts.add(direction + "=" + NatRangeText.format(nat));
    if (nat.has(Nat.PERSISTENT)) {
      parts.add("persistent");
    }
    if (nat.has(Nat.HASH)) {
      parts.add("hash");
    }
    if (nat.has(Nat.RANDOM)) {
      parts.add("random");
    }
    return parts.toString();
  }
}
