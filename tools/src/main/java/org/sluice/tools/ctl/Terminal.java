package org.sluice.tools.ctl;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Where a program prints: texts of the database are UTF-8 whatever the locale. Immutable.
 *
 * @param out results
 * @param err complaints
 */
public record Terminal(PrintStream out, PrintStream err) {
  /** The process's own. */
  public static Terminal system() {
    return new Terminal(System.out, System.err);
  }

  /** Prints a result. */
  public void print(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Prints a complaint of one line. */
  public void complain(String line) {
    err.writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    err.flush();
  }
}
