package org.sluice.openflow.text;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;

/**
 * Reads what {@code ovs-ofctl monitor BRIDGE watch:} is to watch, such as {@code
 * !initial,table=2,tcp}. Used by one thread, for one monitor.
 */
public final class MonitorParser {
  private static final Map<String, Integer> SWITCHED_OFF =
      Map.of(
          "!initial", FlowMonitor.INITIAL,
          "!add", FlowMonitor.ADD,
          "!delete", FlowMonitor.REMOVED,
          "!modify", FlowMonitor.MODIFY,
          "!actions", FlowMonitor.INSTRUCTIONS,
          "!abbrev", FlowMonitor.NO_ABBREVIATION,
          "!own", FlowMonitor.ONLY_OWN);

  private final Names names;
  private final MatchBuilder match = new MatchBuilder();
  private final EnumSet<FlowFormat> formats = EnumSet.allOf(FlowFormat.class);
  private int flags =
      FlowMonitor.INITIAL
          | FlowMonitor.ADD
          | FlowMonitor.REMOVED
          | FlowMonitor.MODIFY
          | FlowMonitor.ONLY_OWN
          | FlowMonitor.INSTRUCTIONS;
  private int outPort = OfPort.NONE;
  private int outGroup = FlowMod.Filter.ANY_GROUP;
  private int table = FlowMod.ANY_TABLE;

  private MonitorParser(Names names) {
    this.names = names;
  }

  /** What is to be watched, and the formats that can say it. */
  public record Watched(FlowMonitor monitor, Set<FlowFormat> formats) {}

  /** The monitor number {@code id} that {@code text} asks for. */
  public static Watched parse(String text, int id, Names names) throws OfSyntaxException {
    MonitorParser parser = new MonitorParser(names);
    KeyValues pairs = new KeyValues(text);
    while (pairs.next()) {
      parser.put(text, pairs.key(), pairs.value());
    }
    FlowMonitor monitor =
        new FlowMonitor(
            id,
            FlowMonitor.Command.ADD,
            parser.flags,
            new FlowMod.Filter(parser.outPort, parser.outGroup),
            parser.table,
            parser.match.build());
    return new Watched(monitor, parser.formats);
  }

  private void put(String text, String name, String value) throws OfSyntaxException {
    Integer off = SWITCHED_OFF.get(name);
    Field field = Field.byName(name);
    if (off != null) {
      flags &= ~off;
    } else if (FlowParser.putProtocol(name, match)) {
      return;
    } else if (field != null) {
      putField(name, field, value);
    } else if (value.isEmpty()) {
      throw new OfSyntaxException(text + ": field " + name + " missing value");
    } else {
      putOption(text, name, value);
    }
  }

  private void putField(String name, Field field, String text) throws OfSyntaxException {
    if (field.isOption()) {
      OptionText.put(match, field, text);
      formats.retainAll(UsableFormats.exact(field));
      return;
    }
    FieldValue value = FieldText.parse(field, text, names);
    formats.retainAll(UsableFormats.of(field, value));
    if (formats.stream().noneMatch(UsableFormats.OF10_FAMILY::contains)) {
      throw new OfSyntaxException(name + ": match field is not supported for flow monitor");
    }
    if (!value.isWild()) {
      match.set(field, value.high(), value.low(), value.maskHigh(), value.maskLow());
    }
  }

  private void putOption(String text, String name, String value) throws OfSyntaxException {
    switch (name) {
      case "table" -> {
        table = names.table(value);
        if (table < 0) {
          throw new OfSyntaxException("unknown table \"" + value + "\"");
        }
      }
      case "out_port" -> outPort = (int) Numbers.prefix(value).low() & 0xffff;
      case "out_group" -> outGroup = (int) Numbers.prefix(value).low();
      default -> throw new OfSyntaxException(text + ": unknown keyword " + name);
    }
  }
}
