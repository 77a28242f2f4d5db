package org.sluice.tools.dbclient;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import org.sluice.tools.table.JsonPrinter;
import org.sluice.tools.table.OutputTable;
import org.sluice.tools.table.TablePrinter;
import org.sluice.tools.table.TableStyle;

/** What the program prints, in the style that its options ask for. Used by the main thread. */
final class Output {
  private final TableStyle style;
  private final TablePrinter printer;
  private final PrintStream out;

  Output(TableStyle style, PrintStream out) {
    this.style = style;
    this.printer = new TablePrinter(style);
    this.out = out;
  }

  String json(JsonNode json) {
    return JsonPrinter.print(json, style.prettyJson());
  }

  void printJson(JsonNode json) {
    println(json(json));
  }

  void printTable(OutputTable table) {
    print(printer.print(table));
  }

  void println(String line) {
    print(line + "\n");
  }

  void print(String text) {
    out.print(text);
  }

  /** Bytes that are no text. */
  void write(byte[] bytes) {
    out.writeBytes(bytes);
  }

  void flush() {
    out.flush();
  }
}
