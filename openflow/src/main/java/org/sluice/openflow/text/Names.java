package org.sluice.openflow.text;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.Note;

/**
 * Names of a switch's ports and tables, so that text can show and take them, and the colours that
 * text is shown in. Used by one thread if lazy, else immutable.
 */
public final class Names {
  /** No names are known. */
  public static final Names NONE = new Names(Map.of(), Map.of());

  private static final int MAX_TABLE = 0xff;

  private final Labels ports;
  private final Labels tables;
  private final Consumer<Note> log;
  private final Painter painter;

  /** Numbers by name, and names by number. */
  private static final class Labels {
    private Supplier<Map<String, Integer>> source;
    private Map<String, Integer> byName;
    private final Map<Integer, String> byNumber = new TreeMap<>();

    Labels(Supplier<Map<String, Integer>> source) {
      this.source = source;
    }

    Labels(Map<String, Integer> known) {
      fill(known);
    }

    private void fill(Map<String, Integer> known) {
      byName = Map.copyOf(known);
      known.forEach((name, number) -> byNumber.put(number, name));
    }

    private Labels filled() {
      if (byName == null) {
        fill(source.get());
        source = null;
      }
      return this;
    }

    int number(String name) {
      return filled().byName.getOrDefault(name, -1);
    }

    String name(int number) {
      return filled().byNumber.get(number);
    }
  }

  /** Takes port numbers by name and table numbers by name. */
  public Names(Map<String, Integer> ports, Map<String, Integer> tables) {
    this(new Labels(ports), new Labels(tables), note -> {}, Colors.NONE);
  }

  private Names(Labels ports, Labels tables, Consumer<Note> log, Colors colors) {
    this.ports = ports;
    this.tables = tables;
    this.log = log;
    this.painter = new Painter(colors);
  }

  /** Names that are asked for when they are needed for the first time. */
  public static Names lazy(
      Supplier<Map<String, Integer>> ports, Supplier<Map<String, Integer>> tables) {
    return new Names(new Labels(ports), new Labels(tables), note -> {}, Colors.NONE);
  }

  /** The same, with {@code sink} for warnings about numbers. */
  public Names withLog(Consumer<Note> sink) {
    return new Names(ports, tables, sink, painter.colors());
  }

  /** The same, with text in {@code colors}. */
  public Names withColors(Colors colors) {
    return new Names(ports, tables, log, colors);
  }

  Painter painter() {
    return painter;
  }

  void log(Note note) {
    log.accept(note);
  }

  private void warn(String text) {
    log(new Note.Remark(Note.Level.WARN, "ofp_port", text, true));
  }

  /** The port that {@code text} means, by number, reserved name or known name; -1 for none. */
  public int port(String text) {
    long number = Numbers.decimal(text);
    if (number >= 0) {
      return numbered(number);
    }
    if (text.startsWith("-")) {
      warn("Negative value " + text + " is not a valid port number.");
      return -1;
    }
    int reserved = OfPort.reservedByName(text);
    return reserved >= 0 ? reserved : ports.number(unquoted(text));
  }

  private int numbered(long number) {
    if (number < OfPort.MAX) {
      return (int) number;
    }
    if (number < OfPort.UNSET) {
      warn(
          "port %d is a reserved OF1.0 port number that will be translated to %d when talking to "
                  .formatted(number, OfPort.toWire((int) number) & 0xffff_ffffL)
              + "an OF1.1 or later controller");
      return (int) number;
    }
    if (number <= OfPort.NONE) {
      warn(
          "referring to port %s as %d is deprecated for compatibility with OpenFlow 1.1 and later"
              .formatted(OfPort.text((int) number), number));
      return (int) number;
    }
    int port = OfPort.fromWire((int) number);
    if (port < 0) {
      warn(
          "port %d is outside the supported range 0 through ffff or 0xffffff00 through 0xffffffff"
              .formatted(number));
    }
    return port;
  }

  /** The table that {@code text} means, by number or known name; -1 for none. */
  public int table(String text) {
    long number = Numbers.decimal(text);
    if (number >= 0) {
      if (number <= MAX_TABLE) {
        return (int) number;
      }
      String wrong = "table " + number + " is outside the supported range 0 through " + MAX_TABLE;
      log(new Note.Remark(Note.Level.WARN, "ofp_table", wrong, true));
      return -1;
    }
    return tables.number(unquoted(text));
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** How the port is shown. */
  public String portText(int port) {
    String name = OfPort.isReserved(port) ? null : ports.name(port);
    return name == null ? OfPort.text(port) : shown(name);
  }

  /** How the table is shown. */
  public String tableText(int table) {
    String name = tables.name(table);
    return name == null ? Integer.toString(table) : shown(name);
  }

  /** Whether the table has a name. */
  public boolean hasTableName(int table) {
    return tables.name(table) != null;
  }

  private static String shown(String name) {
    return name.matches("[A-Za-z][A-Za-z0-9]*") ? name : '"' + escaped(name) + '"';
  }

  /** As JSON has it. */
  private static String escaped(String name) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> out.append(c < ' ' ? "\\u%04x".formatted((int) c) : c + "");
      }
    }
    return out.toString();
  }
}
