package org.sluice.openflow.text;

import java.util.Map;
import java.util.TreeMap;
import org.sluice.openflow.action.OfPort;

/** Names of a switch's ports and tables, so that text can show and take them. Immutable. */
public final class Names {
  /** No names are known. */
  public static final Names NONE = new Names(Map.of(), Map.of());

  private final Map<String, Integer> ports;
  private final Map<Integer, String> portNames = new TreeMap<>();
  private final Map<String, Integer> tables;
  private final Map<Integer, String> tableNames = new TreeMap<>();

  /** Takes port numbers by name and table numbers by name. */
  public Names(Map<String, Integer> ports, Map<String, Integer> tables) {
    this.ports = Map.copyOf(ports);
    this.tables = Map.copyOf(tables);
    ports.forEach((name, number) -> portNames.put(number, name));
    tables.forEach((name, number) -> tableNames.put(number, name));
  }

  /** The port that {@code text} means, by number, reserved name or known name; -1 for none. */
  public int port(String text) {
    long number = Numbers.decimal(text);
    if (number >= 0) {
      return OfPort.MAX <= number && number <= OfPort.NONE
          ? (int) number
          : OfPort.fromWire((int) number);
    }
    int reserved = OfPort.reservedByName(text);
    return reserved >= 0 ? reserved : ports.getOrDefault(unquoted(text), -1);
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
