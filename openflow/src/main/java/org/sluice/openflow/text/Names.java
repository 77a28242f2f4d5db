package org.sluice.openflow.text;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.Note;

/** Names of a switch's ports and tables, so that text can show and take them. Immutable. */
public final class Names {
  /** No names are known. */
  public static final Names NONE = new Names(Map.of(), Map.of());

  private final Map<String, Integer> ports;
  private final Map<Integer, String> portNames = new TreeMap<>();
  private final Map<String, Integer> tables;
  private final Map<Integer, String> tableNames = new TreeMap<>();
  private final Consumer<Note> log;

  /** Takes port numbers by name and table numbers by name. */
  public Names(Map<String, Integer> ports, Map<String, Integer> tables) {
    this(ports, tables, note -> {});
  }

  private Names(Map<String, Integer> ports, Map<String, Integer> tables, Consumer<Note> log) {
    this.log = log;
    this.ports = Map.copyOf(ports);
    this.tables = Map.copyOf(tables);
    ports.forEach((name, number) -> portNames.put(number, name));
    tables.forEach((name, number) -> tableNames.put(number, name));
  }

  /** The same, with {@code sink} for warnings about numbers. */
  public Names withLog(Consumer<Note> sink) {
    return new Names(ports, tables, sink);
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
    return reserved >= 0 ? reserved : ports.getOrDefault(unquoted(text), -1);
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
      return number <= 0xff ? (int) number : -1;
    }
    return tables.getOrDefault(unquoted(text), -1);
  }

  private static String unquoted(String text) {
    boolean quoted = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1) : text;
  }

  /** How the port is shown. */
  public String portText(int port) {
    String name = portNames.get(port);
    return name == null || OfPort.isReserved(port) ? OfPort.text(port) : shown(name);
  }

  /** How the table is shown. */
  public String tableText(int table) {
    String name = tableNames.get(table);
    return name == null ? Integer.toString(table) : shown(name);
  }

  /** Whether the table has a name. */
  public boolean hasTableName(int table) {
    return tableNames.containsKey(table);
  }

  private static String shown(String name) {
    return name.matches("[A-Za-z_][A-Za-z0-9_-]*") ? name : '"' + name.replace("\"", "\\\"") + '"';
  }
}
