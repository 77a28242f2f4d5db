package org.sluice.tools.options;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.sluice.tools.Command;

/**
 * What a command of this process printed, and how it ended.
 *
 * @param out the standard output
 * @param err the standard error
 */
public record CapturedRun(int status, String out, String err) {
  /** Runs the command that {@code tool} makes for its two streams. */
  public static CapturedRun of(
      BiFunction<PrintStream, PrintStream, Command> tool, String... arguments) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream outStream = new PrintStream(out, true, StandardCharsets.UTF_8);
    PrintStream errStream = new PrintStream(err, true, StandardCharsets.UTF_8);
    int status = tool.apply(outStream, errStream).run(arguments);
    return new CapturedRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** What a run printed that must have succeeded. */
  public String ok() {
    assertEquals("", err);
    assertEquals(0, status);
    return out;
  }
}
