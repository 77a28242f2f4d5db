package org.sluice.datapath.datapath;

import java.util.ArrayList;
import java.util.List;
import org.sluice.datapath.datapath.DpAction.MarkAndLabel;
import org.sluice.datapath.datapath.DpAction.Nat;
import org.sluice.datapath.datapath.DpAction.SetField;
import org.sluice.datapath.datapath.DpAction.Track;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.SlowPath;
import org.sluice.datapath.datapath.DpAction.UserspaceReason.ToController;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.DatapathFlowText;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowAttribute;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowPart;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.VlanText;
import org.sluice.datapath.packet.DropReason;

/** Reads the text of datapath actions, left to right. Used once, by one thread. */
final class DpActionParser {
  private static final int MAX_DEPTH = 32;

  private final String text;
  private final FlowTextOptions options;
  private final int depth;

  DpActionParser(String text, FlowTextOptions options) {
    this(text, options, 0);
  }

  private DpActionParser(String text, FlowTextOptions options, int depth) {
    this.text = text;
    this.options = options;
    this.depth = depth;
  }

  List<DpAction> parse() throws FlowSyntaxException {
    if (depth > MAX_DEPTH) {
      throw new FlowSyntaxException("actions nest too deeply");
    }
    List<DpAction> actions = new ArrayList<>();
    if (text.isBlank() || text.strip().equals("drop")) {
      return actions;
    }
    for (String one : split(text)) {
      parseAction(one.strip(), actions);
    }
    return actions;
  }

  /** The parts between commas that no parenthesis encloses. */
  private static List<String> split(String text) throws FlowSyntaxException {
    List<String> parts = new ArrayList<>();
    int open = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && open == 0) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    if (open != 0) {
      throw new FlowSyntaxException(text + ": unbalanced parentheses");
    }
    parts.add(text.substring(start));
    return parts;
  }

  private void parseAction(String one, List<DpAction> actions) throws FlowSyntaxException {
    int open = one.indexOf('(');
    String name = open < 0 ? one : one.substring(0, open);
    if (open >= 0 && !one.endsWith(")")) {
      throw unknown(one);
    }
    String inside = open < 0 ? "" : one.substring(open + 1, one.length() - 1);
    switch (name) {
      case "set" -> parseSet(inside, actions);
      case "drop" -> actions.add(new DpAction.Drop(DropReason.NO_ACTION));
      case "recirc" -> actions.add(new DpAction.Recirculate(integer(inside)));
      case "push_vlan" -> actions.add(parsePush(inside));
      case "pop_vlan" -> actions.add(new DpAction.PopVlan());
      case "ct" -> actions.add(parseTrack(inside));
      case "ct_clear" -> actions.add(new DpAction.TrackClear());
      case "clone" -> actions.add(new DpAction.Clone(nested(inside)));
      case "check_pkt_len" -> actions.add(parseCheck(inside));
      case "trunc" -> actions.add(new DpAction.Truncate(integer(inside)));
      case "hash" -> actions.add(parseHash(inside));
      case "meter" -> actions.add(new DpAction.Meter(integer(inside)));
      case "userspace" -> actions.add(new DpAction.Userspace(parseReason(inside)));
      default -> {
        if (open >= 0) {
          throw unknown(one);
        }
        actions.add(new DpAction.Output((int) options.portNumber(name)));
      }
    }
  }

  private List<DpAction> nested(String inside) throws FlowSyntaxException {
    return new DpActionParser(inside, options, depth + 1).parse();
  }

  /** Reads {@code size=N,gt(ACTIONS),le(ACTIONS)}. */
  private DpAction parseCheck(String inside) throws FlowSyntaxException {
    List<String> parts = split(inside);
    if (parts.size() != 3
        || !parts.get(0).startsWith("size=")
        || !parts.get(1).startsWith("gt(")
        || !parts.get(2).startsWith("le(")) {
      throw unknown("check_pkt_len(" + inside + ")");
    }
    return new DpAction.CheckLength(
        integer(parts.get(0).substring(5)), inBrackets(parts.get(1)), inBrackets(parts.get(2)));
  }

  private List<DpAction> inBrackets(String part) throws FlowSyntaxException {
    return nested(part.substring(part.indexOf('(') + 1, part.length() - 1));
  }

  private static FlowSyntaxException unknown(String one) {
    return new FlowSyntaxException("syntax error at " + one);
  }

  private static int integer(String digits) throws FlowSyntaxException {
    return (int) FlowTextOptions.PLAIN.portNumber(digits);
  }

  private void parseSet(String inside, List<DpAction> actions) throws FlowSyntaxException {
    Match match = DatapathFlowText.parse(inside, options);
    int open = inside.indexOf('(');
    FlowAttribute attribute = FlowAttribute.byName(inside.substring(0, Math.max(open, 0)));
    if (attribute == null) {
      parseLabelOrTag(inside, match, actions);
      return;
    }
    for (FlowPart part : attribute.parts()) {
      addSet(part.field(), match, actions);
    }
  }

  private static void parseLabelOrTag(String inside, Match match, List<DpAction> actions)
      throws FlowSyntaxException {
    List<Field> fields =
        inside.startsWith("mpls(")
            ? List.of(Field.MPLS_LABEL, Field.MPLS_TC, Field.MPLS_TTL, Field.MPLS_BOS)
            : List.of(Field.VLAN_VID, Field.VLAN_PCP);
    for (Field field : fields) {
      addSet(field, match, actions);
    }
  }

  private static void addSet(Field field, Match match, List<DpAction> actions) {
    if (match.mask().touches(field)) {
      actions.add(
          new SetField(
              field,
              match.key().getHigh(field),
              match.key().get(field),
              match.mask().getHigh(field),
              match.mask().get(field)));
    }
  }

  private static DpAction parsePush(String inside) throws FlowSyntaxException {
    int tpid = 0x8100;
    String tag = inside;
    if (inside.startsWith("tpid=")) {
      int comma = inside.indexOf(',');
      if (comma < 0) {
        throw unknown(inside);
      }
      tpid = integer(inside.substring(5, comma));
      tag = inside.substring(comma + 1);
    }
    return new DpAction.PushVlan(tpid, VlanText.parse(tag) & 0xffff);
  }

  private static DpAction parseHash(String inside) throws FlowSyntaxException {
    int open = inside.indexOf('(');
    if (open < 0 || !inside.endsWith(")")) {
      throw unknown(inside);
    }
    int algorithm =
        switch (inside.substring(0, open)) {
          case "l4" -> 0;
          case "sym_l4" -> 1;
          default -> throw unknown(inside);
        };
    return new DpAction.Hash(algorithm, integer(inside.substring(open + 1, inside.length() - 1)));
  }

  private static Track parseTrack(String inside) throws FlowSyntaxException {
    boolean commit = false;
    boolean force = false;
    String gateway = null;
    Nat nat = null;
    FlowKey key = new FlowKey();
    StringBuilder written = new StringBuilder();
    for (String part : inside.isEmpty() ? List.<String>of() : split(inside)) {
      String value = part.substring(part.indexOf('=') + 1);
      if (part.equals("commit")) {
        commit = true;
      } else if (part.equals("force_commit")) {
        commit = true;
        force = true;
      } else if (part.startsWith("zone=")) {
        key.set(Field.CT_ZONE, integer(value));
      } else if (part.startsWith("mark=") || part.startsWith("label=")) {
        written.append("ct_").append(part.replace("=", "(")).append("),");
      } else if (part.startsWith("helper=")) {
        gateway = value;
      } else if (part.equals("nat") || part.startsWith("nat(")) {
        nat = parseNat(part);
      } else {
        throw unknown(part);
      }
    }
    MarkAndLabel set = markAndLabel(written.toString());
    return new Track(commit, force, (int) key.get(Field.CT_ZONE), set, gateway, nat);
  }

  private static MarkAndLabel markAndLabel(String written) throws FlowSyntaxException {
    Match match = DatapathFlowText.parse(written, FlowTextOptions.PLAIN);
    return new MarkAndLabel(
        (int) match.key().get(Field.CT_MARK),
        (int) match.mask().get(Field.CT_MARK),
        match.key().getHigh(Field.CT_LABEL),
        match.key().get(Field.CT_LABEL),
        match.mask().getHigh(Field.CT_LABEL),
        match.mask().get(Field.CT_LABEL));
  }

  private static Nat parseNat(String part) throws FlowSyntaxException {
    if (part.equals("nat")) {
      return new Nat(false, false, 0, 0, 0, 0, 0, 0, 0);
    }
    String range = "";
    boolean source = false;
    boolean destination = false;
    int flags = 0;
    for (String word : split(part.substring(4, part.length() - 1))) {
      String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      switch (name) {
        case "src" -> source = true;
        case "dst" -> destination = true;
        case "persistent" -> flags |= Nat.PERSISTENT;
        case "hash" -> flags |= Nat.HASH;
        case "random" -> flags |= Nat.RANDOM;
        default -> throw unknown(part);
      }
      range = word.contains("=") ? word.substring(word.indexOf('=') + 1) : range;
    }
    if (source && destination) {
      throw unknown(part);
    }
    return new NatRange(range).nat(source, destination, flags);
  }

  private DpAction.UserspaceReason parseReason(String inside) throws FlowSyntaxException {
    for (String part : split(inside)) {
      if (part.startsWith("slow_path(")) {
        return new SlowPath(part.substring(10, part.length() - 1));
      }
      if (part.startsWith("controller(")) {
        return controller(part.substring(11, part.length() - 1));
      }
    }
    throw unknown(inside);
  }

  private static ToController controller(String inside) throws FlowSyntaxException {
    long[] values = new long[7];
    List<String> names =
        List.of(
            "reason",
            "dont_send",
            "continuation",
            "recirc_id",
            "rule_cookie",
            "controller_id",
            "max_len");
    for (String part : split(inside)) {
      int equals = part.indexOf('=');
      int index = names.indexOf(part.substring(0, Math.max(equals, 0)));
      if (index < 0) {
        throw unknown(part);
      }
      Match match =
          DatapathFlowText.parse(
              "ct_label(" + part.substring(equals + 1) + ")", FlowTextOptions.PLAIN);
      values[index] = match.key().get(Field.CT_LABEL);
    }
    return new ToController(
        (int) values[0],
        values[2] != 0,
        (int) values[3],
        values[4],
        (int) values[5],
        (int) values[6]);
  }

  /** The addresses and ports of {@code src=10.0.0.1-10.0.0.9:1024-2048}. */
  private static final class NatRange {
    private final String text;
    private long[] min = {0, 0};
    private long[] max = {0, 0};
    private int minPort;
    private int maxPort;

    NatRange(String text) {
      this.text = text;
    }

    Nat nat(boolean source, boolean destination, int flags) throws FlowSyntaxException {
      String addresses = text;
      int colon = portColon();
      if (colon >= 0) {
        parsePorts(text.substring(colon + 1));
        addresses = text.substring(0, colon);
      }
      if (!addresses.isEmpty()) {
        int dash = addresses.indexOf('-');
        min = address(dash < 0 ? addresses : addresses.substring(0, dash));
        max = dash < 0 ? min : address(addresses.substring(dash + 1));
      }
      return new Nat(source, destination, min[0], min[1], max[0], max[1], minPort, maxPort, flags);
    }

    /** Where the ports begin: after the last bracket, or the only colon. */
    private int portColon() {
      int bracket = text.lastIndexOf(']');
      int colon = text.indexOf(':', Math.max(bracket, 0));
      return bracket < 0 && text.indexOf(':', colon + 1) >= 0 ? -1 : colon;
    }

    private void parsePorts(String ports) throws FlowSyntaxException {
      int dash = ports.indexOf('-');
      minPort = integer(dash < 0 ? ports : ports.substring(0, dash));
      maxPort = dash < 0 ? minPort : integer(ports.substring(dash + 1));
    }

    private static long[] address(String part) throws FlowSyntaxException {
      String bare = part.replace("[", "").replace("]", "");
      return bare.contains(":")
          ? AddressText.parseIpv6(bare)
          : new long[] {0, AddressText.parseIpv4(bare) & 0xffff_ffffL};
    }
  }
}
