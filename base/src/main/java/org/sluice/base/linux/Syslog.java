package org.sluice.base.linux;

import java.lang.foreign.Arena;

/** The C library's way to the local syslog daemon. One per process. */
public final class Syslog {
  private static final LibcFunction OPENLOG = LibcFunction.narrow("openlog");
  private static final LibcFunction SYSLOG = LibcFunction.variadic("syslog", 2);

  private static final int LOG_DAEMON = 3 << 3;
  private static final int LOG_NDELAY = 8;

  private final long format = Arena.global().allocateFrom("%s").address();

  /** Opens it under the name {@code program}; if there is no daemon, messages get lost. */
  public Syslog(String program) {
    OPENLOG.call(Arena.global().allocateFrom(program).address(), LOG_NDELAY, LOG_DAEMON);
  }

  /** Sends one line; {@code priority} is facility plus severity. */
  public void log(int priority, String line) {
    try (Arena arena = Arena.ofConfined()) {
      SYSLOG.call(priority, format, arena.allocateFrom(line).address());
    }
  }
}
