package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.Learn;

/** The {@code learn(...)} action. Used by one thread. */
final class LearnText {
  private final String text;
  private final Names names;
  private final List<Learn.Spec> specs = new ArrayList<>();
  private int idle;
  private int hard;
  private int finIdle;
  private int finHard;
  private int priority = Learn.DEFAULT_PRIORITY;
  private long cookie;
  private int flags;
  private int table = 1;
  private int limit;
  private FieldSlice result;

  private LearnText(String text, Names names) {
    this.text = text;
    this.names = names;
  }

  static Learn parse(String text, Names names) throws OfSyntaxException {
    LearnText parsed = new LearnText(text, names);
    KeyValues pairs = new KeyValues(text);
    while (pairs.next()) {
      if (!parsed.putOption(pairs.key(), pairs.value())) {
        parsed.specs.add(parsed.spec(pairs.key(), pairs.value()));
      }
    }
    return parsed.build();
  }

  private Learn build() {
    Learn.Timeouts timeouts = new Learn.Timeouts(idle, hard, finIdle, finHard);
    return new Learn(timeouts, priority, cookie, flags, table, limit, result, specs);
  }

  private boolean putOption(String key, String value) throws OfSyntaxException {
    switch (key) {
      case "table" -> table = table(value);
      case "priority" -> priority = Numbers.u16(value, key);
      case "idle_timeout" -> idle = Numbers.u16(value, key);
      case "hard_timeout" -> hard = Numbers.u16(value, key);
      case "fin_idle_timeout" -> finIdle = Numbers.u16(value, key);
      case "fin_hard_timeout" -> finHard = Numbers.u16(value, key);
      case "cookie" -> cookie = Numbers.u64(value);
      case "send_flow_rem" -> flags |= Learn.SEND_FLOW_REMOVED;
      case "delete_learned" -> flags |= Learn.DELETE_LEARNED;
      case "limit" -> limit = Numbers.u32(value);
      case "result_dst" -> putResult(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private int table(String value) throws OfSyntaxException {
    int number = names.table(value);
    if (number < 0) {
      throw new OfSyntaxException("unknown table \"" + value + "\"");
    }
    if (number == 0xff) {
      throw new OfSyntaxException(text + ": table id 255 not valid for `learn' action");
    }
    return number;
  }

  private void putResult(String value) throws OfSyntaxException {
    flags |= Learn.WRITE_RESULT;
    result = SliceText.parse(value);
    if (!result.field().writable()) {
      throw new OfSyntaxException(value + " is read-only");
    }
    if (result.bits() != 1) {
      throw new OfSyntaxException("result_dst in 'learn' action must be a single bit");
    }
  }

  private Learn.Spec spec(String key, String value) throws OfSyntaxException {
    FieldSlice target = sliceOrNull(key);
    if (target != null) {
      SliceText.parseNarrow(key, text);
      return new Learn.MatchOn(target, matchSource(key, value, target));
    }
    return switch (key) {
      case "load" -> load(value);
      case "output" -> new Learn.OutputTo(SliceText.parse(value));
      default -> throw new OfSyntaxException(text + ": unknown keyword " + key);
    };
  }

  private static FieldSlice sliceOrNull(String text) {
    try {
      return SliceText.parse(text);
    } catch (OfSyntaxException notASlice) {
      return null;
    }
  }

  private Learn.Source matchSource(String key, String value, FieldSlice target)
      throws OfSyntaxException {
    if (value.isEmpty()) {
      return new Learn.FromField(target);
    }
    FieldSlice source = sliceOrNull(value);
    if (source == null) {
      return constant(key, value, target);
    }
    if (source.bits() != target.bits()) {
      throw new OfSyntaxException(
          "%s: bit widths of %s (%d) and %s (%d) differ"
              .formatted(text, key, source.bits(), value, target.bits()));
    }
    return new Learn.FromField(source);
  }

  private Learn.Source constant(String key, String value, FieldSlice target)
      throws OfSyntaxException {
    try {
      if (target.isWhole()) {
        FieldValue parsed = FieldText.parse(target.field(), value, names);
        return new Learn.Constant(parsed.high(), parsed.low());
      }
      Numbers.Prefix number = Numbers.prefix(value);
      if (number.length() == 0 || number.length() != value.length()) {
        throw new OfSyntaxException(text + ": cannot parse integer value");
      }
      if (!HeaderActionParser.fits(number, target.bits())) {
        throw new OfSyntaxException(
            text + ": value " + value + " does not fit into " + target.bits() + " bits");
      }
      return new Learn.Constant(number.high(), number.low());
    } catch (OfSyntaxException immediate) {
      throw new OfSyntaxException(
          ("%s: %s value %s cannot be parsed as a subfield (%s: unknown field `%s') or an immediate"
                  + " value (%s)")
              .formatted(text, key, value, value, value, immediate.getMessage()));
    }
  }

  private static Learn.Spec load(String value) throws OfSyntaxException {
    int arrow = value.indexOf("->");
    if (arrow <= 0) {
      throw new OfSyntaxException(
          "load: missing %s in `%s'".formatted(arrow < 0 ? "`->'" : "source before `->'", value));
    }
    Numbers.Prefix number = Numbers.prefix(value);
    if (number.length() != 0 && number.length() != arrow) {
      throw new OfSyntaxException("load: garbage before `->' in `" + value + "'");
    }
    FieldSlice target = SliceText.parseNarrow(value.substring(arrow + 2), value);
    if (number.length() == 0) {
      return loadField(value, arrow, target);
    }
    if (!HeaderActionParser.fits(number, target.bits())) {
      throw new OfSyntaxException(value + ": value does not fit into " + target.bits() + " bits");
    }
    return new Learn.LoadInto(target, new Learn.Constant(number.high(), number.low()));
  }

  private static Learn.Spec loadField(String value, int arrow, FieldSlice target)
      throws OfSyntaxException {
    FieldSlice source = SliceText.parse(value.substring(0, arrow));
    if (source.bits() != target.bits()) {
      throw new OfSyntaxException(
          "%s: source field is %d bits wide but destination is %d bits wide"
              .formatted(value, source.bits(), target.bits()));
    }
    return new Learn.LoadInto(target, new Learn.FromField(source));
  }

  static String format(Learn learn, Names names) {
    StringJoiner parts = new StringJoiner(",", "learn(", ")");
    parts.add("table=" + names.tableText(learn.table()));
    addIfSet(parts, "idle_timeout", learn.timeouts().idleS());
    addIfSet(parts, "hard_timeout", learn.timeouts().hardS());
    addIfSet(parts, "fin_idle_timeout", learn.timeouts().finIdleS());
    addIfSet(parts, "fin_hard_timeout", learn.timeouts().finHardS());
    if (learn.priority() != Learn.DEFAULT_PRIORITY) {
      parts.add("priority=" + learn.priority());
    }
    if ((learn.flags() & Learn.SEND_FLOW_REMOVED) != 0) {
      parts.add("send_flow_rem");
    }
    if ((learn.flags() & Learn.DELETE_LEARNED) != 0) {
      parts.add("delete_learned");
    }
    if (learn.cookie() != 0) {
      parts.add("cookie=" + Numbers.sharpHex(learn.cookie()));
    }
    if (learn.limit() != 0) {
      parts.add("limit=" + Integer.toUnsignedString(learn.limit()));
    }
    if (learn.result() != null) {
      parts.add("result_dst=" + SliceText.format(learn.result()));
    }
    learn.specs().forEach(spec -> parts.add(formatSpec(spec, names)));
    return parts.toString();
  }

  private static void addIfSet(StringJoiner parts, String name, int value) {
    if (value != 0) {
      parts.add(name + "=" + value);
    }
  }

  private static String formatSpec(Learn.Spec spec, Names names) {
    return switch (spec) {
      case Learn.MatchOn(FieldSlice target, Learn.Constant(long high, long low)) ->
          formatConstantMatch(target, high, low, names);
      case Learn.MatchOn(FieldSlice target, Learn.FromField(FieldSlice source)) -> {
        boolean same = source.field() == target.field() && source.start() == target.start();
        yield SliceText.format(target) + (same ? "" : "=" + SliceText.format(source));
      }
      case Learn.LoadInto(FieldSlice target, Learn.Constant(long high, long low)) ->
          "load:" + Numbers.sharpHex(high, low) + "->" + SliceText.format(target);
      case Learn.LoadInto(FieldSlice target, Learn.FromField(FieldSlice source)) ->
          "load:" + SliceText.format(source) + "->" + SliceText.format(target);
      case Learn.OutputTo(FieldSlice source) -> "output:" + SliceText.format(source);
    };
  }

  private static String formatConstantMatch(FieldSlice target, long high, long low, Names names) {
    Field field = target.field();
    return target.isWhole()
        ? field.text() + "=" + FieldText.format(field, high, low, names)
        : SliceText.format(target) + "=" + Numbers.sharpHex(high, low);
  }
}
