package org.sluice.tools.ofctl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;

/** Lines of standard input without comments, which begin with a sharp sign, and blank lines. */
final class TestInput {
  private final BufferedReader in = HexInput.lines();
  private final boolean echoesOthers;

  private TestInput(boolean echoesOthers) {
    this.echoesOthers = echoesOthers;
  }

  /** Passes over comments and blank lines. */
  static TestInput quiet() {
    return new TestInput(false);
  }

  /** Prints comments and blank lines as they are, so that output lines up with input. */
  static TestInput echoing() {
    return new TestInput(true);
  }

  /** The next line; null at the end. */
  String next(PrintStream out) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (echoesOthers && line.startsWith("#")) {
        out.println(line);
        continue;
      }
      int comment = line.indexOf('#');
      String content = comment < 0 ? line : line.substring(0, comment);
      if (!content.isBlank()) {
        return content;
      }
      if (echoesOthers) {
        out.println();
      }
    }
    return null;
  }
}
