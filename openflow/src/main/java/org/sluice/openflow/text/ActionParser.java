package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.match.ActionOrder;
import org.sluice.openflow.message.OfVersion;

/** Reads action lists such as {@code ct(commit),output:2}. Used by one thread. */
public final class ActionParser {
  private static final int MAX_DEPTH = 100;

  /** What no switch would take, written out. */
  private static final int MAX_ACTIONS = 4096;

  private static final OfVersion ORDER_OF = OfVersion.OF11;

  private final Names names;
  private final int depth;

  /** Takes port and table names. */
  public ActionParser(Names names) {
    this(names, 0);
  }

  private ActionParser(Names names, int depth) {
    this.names = names;
    this.depth = depth;
  }

  /** The actions and instructions of a rule. */
  public List<OfAction> parse(String text) throws OfSyntaxException {
    return check(parseList(text), ActionOrder.Place.RULE);
  }

  /** Actions where there can be no instructions: a bucket's, a packet-out's. */
  public List<OfAction> parseActions(String text) throws OfSyntaxException {
    return check(parseList(text), ActionOrder.Place.LIST);
  }

  private static List<OfAction> check(List<OfAction> actions, ActionOrder.Place place)
      throws OfSyntaxException {
    ActionOrder.Problem problem = ActionOrder.check(actions, place, ORDER_OF);
    if (problem != null) {
      throw new OfSyntaxException(problem.text());
    }
    return actions;
  }

  /** What stands inside the parentheses of another action. */
  List<OfAction> parseNested(String text, ActionOrder.Place place) throws OfSyntaxException {
    if (depth + 1 == MAX_DEPTH) {
      throw new OfSyntaxException("Action nested too deeply");
    }
    return check(new ActionParser(names, depth + 1).parseList(text), place);
  }

  private List<OfAction> parseList(String text) throws OfSyntaxException {
    List<OfAction> actions = new ArrayList<>();
    boolean drop = false;
    KeyValues pairs = new KeyValues(text);
    while (pairs.next()) {
      if (pairs.key().equalsIgnoreCase("drop")) {
        drop = true;
      } else {
        actions.add(parseOne(pairs.key(), pairs.value()));
      }
      if (actions.size() >= MAX_ACTIONS) {
        throw new OfSyntaxException("input too big");
      }
    }
    if (drop && !actions.isEmpty()) {
      throw new OfSyntaxException(
          "\"drop\" must not be accompanied by any other action or instruction");
    }
    return actions;
  }

  private OfAction parseOne(String key, String value) throws OfSyntaxException {
    String name = key.toLowerCase(Locale.ROOT);
    OfAction action = parseOutput(name, value);
    if (action == null) {
      action = HeaderActionParser.parse(name, value, names);
    }
    if (action == null) {
      action = parsePipeline(name, value);
    }
    if (action == null) {
      action = parseInstruction(name, value);
    }
    return action == null ? portAction(key) : action;
  }

  private OfAction portAction(String key) throws OfSyntaxException {
    int port = names.port(key);
    if (port < 0) {
      throw new OfSyntaxException("unknown action " + key);
    }
    return OfAction.Output.to(port);
  }

  private OfAction parseOutput(String name, String value) throws OfSyntaxException {
    return switch (name) {
      case "output" -> output(value);
      case "controller" -> ControllerText.parse(value);
      case "enqueue" -> enqueue(value);
      case "group" -> new OfAction.Group(Numbers.u32(value));
      case "bundle" -> HashActionText.parseBundle(value, names, false);
      case "bundle_load" -> HashActionText.parseBundle(value, names, true);
      default -> null;
    };
  }

  private OfAction output(String value) throws OfSyntaxException {
    if (value.contains("port") && value.contains("max_len")) {
      return truncated(value);
    }
    int port = names.port(value);
    if (port >= 0) {
      return new OfAction.Output(port, port == OfPort.CONTROLLER ? 0xffff : 0);
    }
    try {
      return new OfAction.OutputField(SliceText.parse(value), 0xffff);
    } catch (OfSyntaxException notAField) {
      throw new OfSyntaxException(value + ": output to unknown port");
    }
  }

  private OfAction truncated(String value) throws OfSyntaxException {
    int port = -1;
    int maxBytes = 0;
    KeyValues pairs = new KeyValues(value);
    while (pairs.next()) {
      switch (pairs.key()) {
        case "port" -> port = truncatedPort(pairs.value());
        case "max_len" -> maxBytes = Numbers.u32(pairs.value());
        default ->
            throw new OfSyntaxException(
                "invalid key '" + pairs.key() + "' in output_trunc argument");
      }
    }
    if (maxBytes >= 0 && maxBytes < 14) {
      throw new OfSyntaxException("max_len " + maxBytes + " is less than the minimum value 14");
    }
    return new OfAction.OutputTruncated(port, maxBytes);
  }

  private int truncatedPort(String text) throws OfSyntaxException {
    int port = names.port(text);
    if (port < 0) {
      throw new OfSyntaxException("output to unknown truncate port: " + text);
    }
    if (port >= OfPort.MAX && port != OfPort.LOCAL && port != OfPort.IN_PORT) {
      throw new OfSyntaxException("output to unsupported truncate port: " + text);
    }
    return port;
  }

  private int port(String text, String problem) throws OfSyntaxException {
    int port = names.port(text);
    if (port < 0) {
      throw new OfSyntaxException(text + ": " + problem);
    }
    return port;
  }

  private OfAction enqueue(String value) throws OfSyntaxException {
    int end = 0;
    while (end < value.length() && ":q,".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    if (end == 0 || end >= value.length() - 1) {
      throw new OfSyntaxException(
          "\"enqueue\" syntax is \"enqueue:PORT:QUEUE\" or \"enqueue(PORT,QUEUE)\"");
    }
    int port = port(value.substring(0, end), "enqueue to unknown port");
    return new OfAction.Enqueue(port, Numbers.u32(value.substring(end + 1)));
  }

  private OfAction parsePipeline(String name, String value) throws OfSyntaxException {
    return switch (name) {
      case "resubmit" -> resubmit(value);
      case "learn" -> LearnText.parse(value, names);
      case "ct" -> CtText.parse(value, this);
      case "nat" -> CtText.parseNat(value);
      case "ct_clear" -> new OfAction.CtClear();
      case "clone" -> new OfAction.Clone(parseNested(value, ActionOrder.Place.CLONE));
      case "conjunction" -> conjunction(value);
      case "multipath" -> HashActionText.parseMultipath(value);
      case "fin_timeout" -> finTimeout(value);
      case "note" -> new OfAction.Note(HexText.parse(value, "bad hex digit in `note' argument"));
      case "encap" -> EncapText.parseEncap(value);
      case "decap" -> EncapText.parseDecap(value);
      case "exit" -> new OfAction.Exit();
      case "unroll_xlate" ->
          throw new OfSyntaxException(
              "UNROLL is an internal action that shouldn't be used via OpenFlow");
      case "sample" -> SampleText.parse(value, names);
      case "push" -> new OfAction.StackPush(stack(value));
      case "pop" -> new OfAction.StackPop(stack(value));
      default -> null;
    };
  }

  private static FieldSlice stack(String value) throws OfSyntaxException {
    SliceText.Prefix prefix = SliceText.prefix(value);
    if (prefix.length() != value.length()) {
      throw new OfSyntaxException(
          value.substring(prefix.length()) + ": trailing garbage following push or pop");
    }
    return prefix.slice();
  }

  private OfAction resubmit(String value) throws OfSyntaxException {
    String[] parts = value.split(",", -1);
    int port = OfPort.IN_PORT;
    if (!parts[0].isEmpty()) {
      port = port(parts[0], "resubmit to unknown port");
    }
    int table = OfAction.Resubmit.CURRENT_TABLE;
    if (parts.length > 1 && !parts[1].isEmpty()) {
      table = table(parts[1], parts[1] + ": resubmit to unknown table");
    }
    boolean ct = parts.length > 2 && !parts[2].isEmpty();
    if (ct && !parts[2].equals("ct")) {
      throw new OfSyntaxException(parts[2] + ": unknown parameter");
    }
    if (port == OfPort.IN_PORT && table == OfAction.Resubmit.CURRENT_TABLE) {
      throw new OfSyntaxException(
          "at least one \"in_port\" or \"table\" must be specified on resubmit");
    }
    return new OfAction.Resubmit(port, table, ct);
  }

  int table(String text, String problem) throws OfSyntaxException {
    int table = names.table(text);
    if (table < 0) {
      throw new OfSyntaxException(problem);
    }
    return table;
  }

  private static OfAction conjunction(String value) throws OfSyntaxException {
    String[] parts = value.split("[,/]", -1);
    if (parts.length != 3 || value.indexOf(',') > value.indexOf('/')) {
      throw new OfSyntaxException("\"conjunction\" syntax is \"conjunction(id,i/n)\"");
    }
    int id = Numbers.u32(parts[0].strip());
    int clause = Numbers.u8(parts[1].strip(), "clause");
    int clauses = Numbers.u8(parts[2].strip(), "number of clauses");
    String problem =
        clauses < 2
            ? "conjunction must have at least 2 clauses"
            : clauses > 64
                ? "conjunction must have at most 64 clauses"
                : clause < 1
                    ? "clause index must be positive"
                    : clause > clauses
                        ? "clause index must be less than or equal to number of clauses"
                        : null;
    if (problem != null) {
      throw new OfSyntaxException(problem);
    }
    return new OfAction.Conjunction(id, clause - 1, clauses);
  }

  private static OfAction finTimeout(String value) throws OfSyntaxException {
    int idle = 0;
    int hard = 0;
    KeyValues pairs = new KeyValues(value);
    while (pairs.next()) {
      switch (pairs.key()) {
        case "idle_timeout" -> idle = Numbers.u16(pairs.value(), pairs.key());
        case "hard_timeout" -> hard = Numbers.u16(pairs.value(), pairs.key());
        default ->
            throw new OfSyntaxException(
                "invalid key '" + pairs.key() + "' in 'fin_timeout' argument");
      }
    }
    return new OfAction.FinTimeout(idle, hard);
  }

  private OfAction parseInstruction(String name, String value) throws OfSyntaxException {
    return switch (name) {
      case "apply_actions" ->
          throw new OfSyntaxException("apply_actions is the default instruction");
      case "meter" -> new OfAction.Meter(Numbers.u32(value));
      case "clear_actions" -> new OfAction.ClearActions();
      case "write_actions" -> new OfAction.WriteActions(parseNested(value, ActionOrder.Place.SET));
      case "write_metadata" -> writeMetadata(value);
      case "goto_table" -> new OfAction.GotoTable(table(value, "unknown table \"" + value + "\""));
      case "check_pkt_larger" -> checkPacketLarger(value);
      case "delete_field" -> deleteField(value);
      default -> null;
    };
  }

  private static OfAction writeMetadata(String value) throws OfSyntaxException {
    int slash = value.indexOf('/');
    long mask = slash < 0 ? -1L : Numbers.u64(value.substring(slash + 1));
    return new OfAction.WriteMetadata(
        Numbers.u64(slash < 0 ? value : value.substring(0, slash)), mask);
  }

  private static OfAction checkPacketLarger(String value) throws OfSyntaxException {
    int arrow = HeaderActionParser.arrow(value);
    String size = value.substring(0, arrow);
    FieldSlice target = SliceText.parse(value.substring(arrow + 2));
    if (target.bits() != 1) {
      throw new OfSyntaxException("Only 1-bit destination field is allowed");
    }
    String digits = size.endsWith(")") ? size.substring(0, size.length() - 1) : size;
    return new OfAction.CheckPacketLarger(Numbers.u16(digits, "packet length"), target);
  }

  private static OfAction deleteField(String value) throws OfSyntaxException {
    Field field = Field.byName(value);
    if (field == null || !field.isOption()) {
      throw new OfSyntaxException(value + " is not a valid OXM field name.");
    }
    return new OfAction.DeleteField(field);
  }
}
