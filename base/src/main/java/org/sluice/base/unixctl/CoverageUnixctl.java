package org.sluice.base.unixctl;

import java.util.OptionalLong;
import org.sluice.base.stats.Coverage;

/** The {@code coverage/*} commands. Stateless but for the counters they read. */
public final class CoverageUnixctl {
  private final Coverage coverage;

  public CoverageUnixctl(Coverage coverage) {
    this.coverage = coverage;
  }

  /** Adds the commands to {@code commands}. */
  public void registerIn(UnixctlCommands commands) {
    commands.register("coverage/show", "", 0, 0, _ -> UnixctlReply.text(coverage.show()));
    commands.register("coverage/read-counter", "COUNTER", 1, 1, this::read);
  }

  private UnixctlReply read(UnixctlRequest request) {
    OptionalLong value = coverage.read(request.args().getFirst());
    return value.isPresent()
        ? UnixctlReply.text(value.getAsLong() + "\n")
        : UnixctlReply.error("No such counter");
  }
}
