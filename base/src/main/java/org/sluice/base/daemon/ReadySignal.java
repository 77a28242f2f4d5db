package org.sluice.base.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Tells whoever started the daemon, and waits for it, that it is ready: the line {@code ready},
 * written to what the variable {@value #VARIABLE} names, a file (normally a FIFO) or the number of
 * an open descriptor. Immutable.
 */
public final class ReadySignal {
  /** The environment variable. */
  public static final String VARIABLE = "SLUICE_READY";

  private final String target;

  private ReadySignal(String target) {
    this.target = target;
  }

  public static ReadySignal fromEnvironment(Map<String, String> environment) {
    return new ReadySignal(environment.getOrDefault(VARIABLE, ""));
  }

  /** To be called once, when the daemon is ready. Does nothing if nobody waits. */
  public void send() throws IOException {
    if (target.isEmpty()) {
      return;
    }
    boolean number = target.chars().allMatch(Character::isDigit);
    Path path = Path.of(number ? "/proc/self/fd/" + target : target);
    Files.writeString(path, "ready\n", StandardOpenOption.WRITE);
  }
}
