package org.sluice.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test's programs, run within its process, write to standard error. */
public final class CapturedErrors implements BeforeEachCallback, AfterEachCallback {
  private final PrintStream console = System.err;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();

  @Override
  public void beforeEach(ExtensionContext test) {
    System.setErr(new PrintStream(text, true, UTF_8));
  }

  @Override
  public void afterEach(ExtensionContext test) {
    System.setErr(console);
  }

  /** Forgets what has been written. */
  public void reset() {
    text.reset();
  }

  /** What has been written. */
  public String text() {
    return text.toString(UTF_8);
  }
}
