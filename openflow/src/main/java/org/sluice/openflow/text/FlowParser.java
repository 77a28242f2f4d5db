package org.sluice.openflow.text;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OptionBits;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.match.ActionCheck;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.match.MatchNormal;
import org.sluice.openflow.match.Prerequisites;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMod.Command;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;

/**
 * Reads one flow as {@code ovs-ofctl add-flow} takes it, such as {@code
 * priority=10,tcp,tp_dst=80,actions=ct(commit),output:2}. Used by one thread, for one flow.
 */
public final class FlowParser {
  /** Ethernet type and IP protocol (0 for any) that a word stands for. */
  private record Protocol(int ethType, int proto) {}

  private static final Map<String, Protocol> PROTOCOLS =
      Map.ofEntries(
          Map.entry("ip", new Protocol(Prerequisites.ETH_TYPE_IPV4, 0)),
          Map.entry("ipv4", new Protocol(Prerequisites.ETH_TYPE_IPV4, 0)),
          Map.entry("ip4", new Protocol(Prerequisites.ETH_TYPE_IPV4, 0)),
          Map.entry("arp", new Protocol(Prerequisites.ETH_TYPE_ARP, 0)),
          Map.entry("icmp", protocol4(Prerequisites.PROTO_ICMP)),
          Map.entry("tcp", protocol4(Prerequisites.PROTO_TCP)),
          Map.entry("udp", protocol4(Prerequisites.PROTO_UDP)),
          Map.entry("sctp", protocol4(Prerequisites.PROTO_SCTP)),
          Map.entry("ipv6", new Protocol(Prerequisites.ETH_TYPE_IPV6, 0)),
          Map.entry("ip6", new Protocol(Prerequisites.ETH_TYPE_IPV6, 0)),
          Map.entry("icmp6", protocol6(Prerequisites.PROTO_ICMPV6)),
          Map.entry("tcp6", protocol6(Prerequisites.PROTO_TCP)),
          Map.entry("udp6", protocol6(Prerequisites.PROTO_UDP)),
          Map.entry("sctp6", protocol6(Prerequisites.PROTO_SCTP)),
          Map.entry("rarp", new Protocol(Prerequisites.ETH_TYPE_RARP, 0)),
          Map.entry("mpls", new Protocol(Prerequisites.ETH_TYPE_MPLS, 0)),
          Map.entry("mplsm", new Protocol(Prerequisites.ETH_TYPE_MPLS_MULTICAST, 0)));

  private static final List<Map.Entry<String, Command>> COMMANDS =
      List.of(
          Map.entry("add", Command.ADD),
          Map.entry("delete", Command.DELETE),
          Map.entry("delete_strict", Command.DELETE_STRICT),
          Map.entry("modify", Command.MODIFY),
          Map.entry("modify_strict", Command.MODIFY_STRICT));

  private static final Map<String, Integer> FLAGS =
      Map.of(
          "send_flow_rem", FlowMod.SEND_FLOW_REMOVED,
          "check_overlap", FlowMod.CHECK_OVERLAP,
          "reset_counts", FlowMod.RESET_COUNTS,
          "no_packet_counts", FlowMod.NO_PACKET_COUNTS,
          "no_byte_counts", FlowMod.NO_BYTE_COUNTS);

  private final Command command;
  private final Names names;
  private final MatchBuilder match = new MatchBuilder();
  private final FlowMod.Builder flow = FlowMod.builder();
  private int outPort = FlowMod.Filter.NONE.outPort();
  private int outGroup = FlowMod.Filter.NONE.outGroup();
  private int idleS;
  private int hardS;
  private int flags;
  private FlowMod.Cookie cookie = FlowMod.Cookie.ANY;
  private final EnumSet<FlowFormat> formats = EnumSet.allOf(FlowFormat.class);

  private FlowParser(Command command, Names names) {
    this.command = command;
    this.names = names;
  }

  private static Protocol protocol4(int proto) {
    return new Protocol(Prerequisites.ETH_TYPE_IPV4, proto);
  }

  private static Protocol protocol6(int proto) {
    return new Protocol(Prerequisites.ETH_TYPE_IPV6, proto);
  }

  /** The flow mod that {@code text} asks for. */
  public static FlowMod parse(Command command, String text, Names names) throws OfSyntaxException {
    return normal(read(command, text, names));
  }

  /** The same, as it is written and with what else there is to know about it. */
  public static Parsed<FlowMod> read(Command command, String text, Names names)
      throws OfSyntaxException {
    return new FlowParser(command, names).parse(text);
  }

  private static FlowMod normal(Parsed<FlowMod> parsed) {
    FlowMod flow = parsed.message();
    return flow.withMatch(MatchNormal.of(flow.match()));
  }

  /** A line of an {@code add-flows} file, which may begin with {@code add}, {@code delete} ... */
  public static FlowMod parseLine(String line, Names names) throws OfSyntaxException {
    return normal(readLine(line, names));
  }

  /** The same, as it is written and with what else there is to know about it. */
  public static Parsed<FlowMod> readLine(String line, Names names) throws OfSyntaxException {
    String text = line.strip();
    int end = 0;
    while (end < text.length() && ", \t".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    Command command = commandCalled(text.substring(0, end));
    return command == null
        ? read(Command.ADD, text, names)
        : read(command, text.substring(end), names);
  }

  /** Words may be cut short. */
  private static Command commandCalled(String word) {
    for (Map.Entry<String, Command> entry : COMMANDS) {
      if (entry.getKey().startsWith(word)) {
        return entry.getValue();
      }
    }
    return null;
  }

  /** What {@code dump-flows BRIDGE text} and {@code ofproto/trace} take: a match, no actions. */
  public static FlowMod parseQuery(String text, Names names) throws OfSyntaxException {
    return parse(Command.DELETE, text, names);
  }

  /** A match alone. */
  public static Match parseMatch(String text, Names names) throws OfSyntaxException {
    return parseQuery(text, names).match();
  }

  private Parsed<FlowMod> parse(String text) throws OfSyntaxException {
    String fields = text;
    String actions = null;
    if (!command.isDelete()) {
      int at = actionsAt(text);
      if (at < 0) {
        throw new OfSyntaxException("must specify an action");
      }
      fields = text.substring(0, at);
      actions = text.substring(text.indexOf('=', at) + 1);
    }
    KeyValues pairs = new KeyValues(fields);
    while (pairs.next()) {
      put(pairs.key(), pairs.value());
    }
    Match asked = match.build();
    restrictInsideIpv6(asked);
    List<OfAction> parsed = actions == null ? List.of() : new ActionParser(names).parse(actions);
    formats.retainAll(UsableFormats.of(parsed));
    FlowMod mod =
        flow.command(command)
            .match(asked)
            .cookie(cookie)
            .timeouts(new FlowMod.Timeouts(idleS, hardS))
            .filter(new FlowMod.Filter(outPort, outGroup))
            .flags(flags)
            .actions(parsed)
            .build();
    if (actions != null) {
      checkActions(mod);
    }
    Match normal = MatchNormal.of(asked);
    List<Note> notes =
        normal.equals(asked) ? List.of() : List.of(new Note.Normalized(asked, normal));
    return new Parsed<>(mod, formats, notes);
  }

  private void restrictInsideIpv6(Match asked) {
    boolean inside =
        asked.touches(Field.NW_PROTO)
            || asked.touches(Field.IP_DSCP)
            || asked.touches(Field.NW_ECN)
            || asked.touches(Field.TCP_SRC)
            || asked.touches(Field.TCP_DST);
    if (inside && asked.get(Field.ETH_TYPE) == Prerequisites.ETH_TYPE_IPV6) {
      formats.retainAll(UsableFormats.insideIpv6());
    }
  }

  private void checkActions(FlowMod mod) throws OfSyntaxException {
    ActionCheck.Verdict verdict = ActionCheck.judge(mod.match(), mod.table(), mod.actions());
    if (verdict.note() != null) {
      names.log(verdict.note());
    }
    if (verdict.inconsistent()) {
      formats.retainAll(UsableFormats.OF10_FAMILY);
    }
    OfError error = verdict.error();
    if (error == null && formats.isEmpty()) {
      error = OfError.OFPBAC_MATCH_INCONSISTENT;
    }
    if (error != null) {
      throw new OfSyntaxException("actions are invalid with specified match (" + error + ")");
    }
  }

  static int actionsAt(String text) {
    int at = text.indexOf("action");
    return at >= 0 && text.indexOf('=', at) >= 0 ? at : -1;
  }

  private void put(String name, String value) throws OfSyntaxException {
    Integer flag = command.isDelete() ? null : FLAGS.get(name);
    Field field = Field.byName(name);
    if (putProtocol(name, match)) {
      return;
    }
    if (name.equals("eth")) {
      match.exact(Field.PACKET_TYPE, 0);
    } else if (flag != null) {
      flags |= flag;
      restrictByFlag(flag);
    } else if (field != null) {
      putField(field, value);
    } else if (name.contains("[")) {
      putSlice(name, value);
    } else {
      putOption(name, value);
    }
  }

  private void restrictByFlag(int flag) {
    switch (flag) {
      case FlowMod.RESET_COUNTS -> formats.retainAll(UsableFormats.SINCE_12);
      case FlowMod.NO_PACKET_COUNTS, FlowMod.NO_BYTE_COUNTS ->
          formats.retainAll(UsableFormats.SINCE_13);
      default -> {}
    }
  }

  /** Matches the protocol that {@code name} stands for; false where it stands for none. */
  static boolean putProtocol(String name, MatchBuilder match) {
    Protocol protocol = PROTOCOLS.get(name);
    if (protocol == null) {
      return false;
    }
    match.exact(Field.ETH_TYPE, protocol.ethType());
    if (protocol.proto() != 0) {
      match.exact(Field.NW_PROTO, protocol.proto());
    }
    return true;
  }

  private void putField(Field field, String text) throws OfSyntaxException {
    if (field.isOption()) {
      OptionText.put(match, field, text);
      formats.retainAll(UsableFormats.exact(field));
      return;
    }
    String said = text.isEmpty() ? "0/0" : text; // which not every field can have
    FieldValue value = FieldText.parse(viewFor(field), said, names);
    formats.retainAll(UsableFormats.of(field, value));
    if (!value.isWild()) {
      match.set(viewFor(field), value.high(), value.low(), value.maskHigh(), value.maskLow());
    }
  }

  /** What {@code tp_dst} and the like mean under the protocol that is matched. */
  private Field viewFor(Field field) {
    boolean icmp6 = match.key().get(Field.ETH_TYPE) == Prerequisites.ETH_TYPE_IPV6;
    return switch (field) {
      case ICMP_TYPE -> icmp6 ? Field.ICMPV6_TYPE : field;
      case ICMP_CODE -> icmp6 ? Field.ICMPV6_CODE : field;
      default -> field;
    };
  }

  private void putSlice(String name, String text) throws OfSyntaxException {
    FieldSlice slice = SliceText.parse(name);
    Numbers.Prefix number = Numbers.prefix(text);
    if (number.length() == 0 || number.length() != text.length()) {
      throw new OfSyntaxException(name + ": cannot parse integer value: " + text);
    }
    if (!HeaderActionParser.fits(number, slice.bits())) {
      throw new OfSyntaxException(
          "%s: value %s does not fit into %d bits"
              .formatted(name, HeaderActionParser.shown(slice.field(), number), slice.bits()));
    }
    if (slice.field().isOption()) {
      OptionText.put(match, slice.field(), OptionBits.of(slice, number.value()));
      formats.retainAll(UsableFormats.exact(slice.field()));
      return;
    }
    slice.write(match.mask(), -1L, -1L);
    slice.write(match.key(), number.high(), number.low());
    Field field = slice.field();
    FieldValue value = new FieldValue(0, 0, match.mask().getHigh(field), match.mask().get(field));
    formats.retainAll(UsableFormats.of(field, value));
  }

  private void putOption(String name, String value) throws OfSyntaxException {
    if (name.equals("no_readonly_table") || name.equals("allow_hidden_fields")) {
      return;
    }
    if (value.isEmpty()) {
      throw new OfSyntaxException("field " + name + " missing value");
    }
    switch (name) {
      case "table" -> putTable(value);
      case "cookie" -> putCookie(value);
      case "duration", "n_packets", "n_bytes", "idle_age", "hard_age" -> {}
      default -> {
        if (!(command.isDelete() ? putFilter(name, value) : putAttribute(name, value))) {
          throw new OfSyntaxException("unknown keyword " + name);
        }
      }
    }
  }

  private void putTable(String value) throws OfSyntaxException {
    int table = names.table(value);
    if (table < 0) {
      throw new OfSyntaxException("unknown table \"" + value + "\"");
    }
    flow.table(table);
    if (table != FlowMod.ANY_TABLE) {
      formats.retainAll(UsableFormats.WITH_TABLES);
    }
  }

  private boolean putFilter(String name, String value) throws OfSyntaxException {
    switch (name) {
      case "out_port" -> {
        outPort = names.port(value);
        if (outPort < 0) {
          throw new OfSyntaxException(value + " is not a valid OpenFlow port");
        }
      }
      case "out_group" -> {
        formats.retainAll(UsableFormats.SINCE_11);
        outGroup = group(value);
      }
      case "priority" -> {
        if (command != Command.DELETE_STRICT) {
          return false;
        }
        flow.priority(Numbers.u16(value, name));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int group(String value) throws OfSyntaxException {
    long group = GroupText.number(value);
    if (group < 0) {
      throw new OfSyntaxException(value + " is not a valid OpenFlow group");
    }
    return (int) group;
  }

  private boolean putAttribute(String name, String value) throws OfSyntaxException {
    switch (name) {
      case "priority" -> flow.priority(Numbers.u16(value, name));
      case "idle_timeout" -> idleS = Numbers.u16(value, name);
      case "hard_timeout" -> hardS = Numbers.u16(value, name);
      case "importance" -> {
        if (command != Command.ADD) {
          return false;
        }
        flow.importance(Numbers.u16(value, name));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void putCookie(String value) throws OfSyntaxException {
    int slash = value.indexOf('/');
    if (slash >= 0) {
      if (command == Command.ADD) {
        throw new OfSyntaxException("flow additions cannot use a cookie mask");
      }
      long bits = Numbers.u64(value.substring(slash + 1));
      long wanted = Numbers.u64(value.substring(0, slash));
      cookie = new FlowMod.Cookie(wanted, bits, cookie.value(), cookie.modify());
      if (bits != 0) {
        formats.retainAll(UsableFormats.NXM_OR_11);
      }
    } else {
      if (command.isDelete()) {
        throw new OfSyntaxException(
            "cannot set cookie (to match on a cookie, specify a mask, e.g. cookie="
                + value
                + "/-1)");
      }
      cookie = new FlowMod.Cookie(cookie.match(), cookie.mask(), Numbers.u64(value), true);
    }
  }
}
