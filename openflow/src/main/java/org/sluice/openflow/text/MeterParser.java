package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.StringTokenizer;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.MeterMod.Band;
import org.sluice.openflow.message.MeterMod.Command;
import org.sluice.openflow.message.MeterMod.Config;

/**
 * Reads one meter as {@code ovs-ofctl add-meter} takes it, such as {@code
 * meter=1,kbps,band=type=drop,rate=100}. Used by one thread, for one meter.
 */
public final class MeterParser {
  private static final String NAME_ENDS = "=, \t\r\n";
  private static final String VALUE_ENDS = ", \t\r\n";

  private int meterId;
  private int flags;
  private final List<Band> bands = new ArrayList<>();

  private MeterParser() {}

  /** The meter mod that {@code text} asks for. */
  public static Parsed<MeterMod> parse(Command command, String text) throws OfSyntaxException {
    MeterParser parser = new MeterParser();
    if (command == Command.DELETE) {
      parser.parseHead(text, false);
    } else {
      parser.parseAll(text);
    }
    Config config = new Config(parser.meterId, parser.flags, parser.bands);
    return new Parsed<>(new MeterMod(command, config), UsableFormats.SINCE_13, List.of());
  }

  /** The number of the meter that {@code text} names. */
  public static int parseId(String text) throws OfSyntaxException {
    return parse(Command.DELETE, text).message().meter().meterId();
  }

  private void parseAll(String text) throws OfSyntaxException {
    int band = text.indexOf("band");
    int equals = band < 0 ? -1 : text.indexOf('=', band + 1);
    if (equals < 0) {
      throw new OfSyntaxException("must specify bands");
    }
    parseHead(text.substring(0, band), true);
    if (flags == 0) {
      throw new OfSyntaxException("meter must specify either 'kbps' or 'pktps'");
    }
    parseBands(text.substring(equals + 1));
    for (Band each : bands) {
      check(each);
    }
  }

  private void parseHead(String text, boolean withFlags) throws OfSyntaxException {
    StringTokenizer words = new StringTokenizer(text, NAME_ENDS);
    for (String name = name(words); name != null; name = name(words)) {
      int flag = withFlags ? flag(name) : 0;
      if (flag == 0) {
        putHead(name, value(name, words));
      }
      flags |= flag;
    }
    if (meterId == 0) {
      throw new OfSyntaxException("must specify 'meter'");
    }
  }

  /** The next name; null where none is left, be it that something else is. */
  private static String name(StringTokenizer words) {
    try {
      return words.nextToken(NAME_ENDS);
    } catch (NoSuchElementException e) {
      return null;
    }
  }

  private static int flag(String name) {
    return switch (name) {
      case "kbps" -> Config.KBPS;
      case "pktps" -> Config.PKTPS;
      case "burst" -> Config.BURST;
      case "stats" -> Config.STATS;
      default -> 0;
    };
  }

  private static String value(String name, StringTokenizer words) throws OfSyntaxException {
    String rest = words.hasMoreTokens() ? words.nextToken(VALUE_ENDS) : "";
    String value = rest.startsWith("=") ? rest.substring(1) : rest;
    if (value.isEmpty()) {
      throw new OfSyntaxException("field " + name + " missing value");
    }
    return value;
  }

  private void putHead(String name, String value) throws OfSyntaxException {
    if (!name.equals("meter")) {
      throw new OfSyntaxException("unknown keyword " + name);
    }
    meterId =
        switch (value) {
          case "all" -> MeterMod.ALL;
          case "controller" -> MeterMod.CONTROLLER;
          case "slowpath" -> MeterMod.SLOW_PATH;
          default -> number(name, value);
        };
  }

  private static int number(String name, String value) throws OfSyntaxException {
    int id = Numbers.u32(value);
    if (id == 0 || Integer.compareUnsigned(id, MeterMod.MAX_ID) > 0) {
      throw new OfSyntaxException("invalid value for " + name);
    }
    return id;
  }

  private void parseBands(String text) throws OfSyntaxException {
    StringTokenizer words = new StringTokenizer(text, NAME_ENDS);
    for (String name = name(words); name != null; name = name(words)) {
      putBand(name, value(name, words));
    }
    if (bands.isEmpty()) {
      throw new OfSyntaxException("meter must have bands");
    }
  }

  private void putBand(String name, String value) throws OfSyntaxException {
    if (name.equals("type")) {
      bands.add(new Band(bandType(name, value), 0, 0, 0));
      return;
    }
    if (bands.isEmpty()) {
      throw new OfSyntaxException("band must start with the 'type' keyword");
    }
    Band band = bands.removeLast();
    bands.add(
        switch (name) {
          case "rate" -> new Band(band.type(), Numbers.u32(value), band.burst(), band.precedence());
          case "burst_size" ->
              new Band(band.type(), band.rate(), Numbers.u32(value), band.precedence());
          case "prec_level" ->
              new Band(band.type(), band.rate(), band.burst(), Numbers.u8(value, name));
          default -> throw new OfSyntaxException("unknown keyword " + name);
        });
  }

  private static int bandType(String name, String value) throws OfSyntaxException {
    return switch (value) {
      case "drop" -> Band.DROP;
      case "dscp_remark" -> Band.DSCP_REMARK;
      default -> throw new OfSyntaxException("field " + name + " unknown value " + value);
    };
  }

  private void check(Band band) throws OfSyntaxException {
    boolean remarks = band.type() == Band.DSCP_REMARK;
    boolean bursts = (flags & Config.BURST) != 0;
    require(!remarks || band.precedence() != 0, "'dscp_remark' band must have 'prec_level'");
    require(remarks || band.precedence() == 0, "Only 'dscp_remark' band may have 'prec_level'");
    require(band.rate() != 0, "band must have 'rate'");
    require(!bursts || band.burst() != 0, "band must have 'burst_size' when 'burst' flag is set");
    require(
        bursts || band.burst() == 0, "band may have 'burst_size' only when 'burst' flag is set");
  }

  private static void require(boolean condition, String otherwise) throws OfSyntaxException {
    if (!condition) {
      throw new OfSyntaxException(otherwise);
    }
  }
}
