package org.sluice.tools.ofctl;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.sluice.base.clock.Clock;
import org.sluice.base.log.LogLevel;
import org.sluice.base.log.VlogRateLimit;
import org.sluice.base.log.VlogRegistry;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.print.NoteText;

/** Writes notes about messages to the log, not too many of each module. One thread at a time. */
final class NoteLog implements Consumer<Note> {
  private static final int PER_MINUTE = 60;
  private static final int AT_ONCE = 5;

  private final VlogRegistry registry;
  private final Map<String, VlogRateLimit> limits = new HashMap<>();

  NoteLog(VlogRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void accept(Note note) {
    List<Note.Remark> lines = NoteText.lines(note);
    if (isAlways(note) || limit(lines.getFirst().module()).admit(nowMs())) {
      lines.forEach(line -> registry.vlog(line.module()).log(level(line), "%s", line.text()));
    }
  }

  private static boolean isAlways(Note note) {
    return note instanceof Note.Remark remark && remark.always();
  }

  private static long nowMs() {
    return Clock.system().nowNs() / 1_000_000;
  }

  private VlogRateLimit limit(String module) {
    return limits.computeIfAbsent(module, name -> new VlogRateLimit(PER_MINUTE, AT_ONCE));
  }

  private static LogLevel level(Note.Remark line) {
    return switch (line.level()) {
      case ERROR -> LogLevel.ERR;
      case WARN -> LogLevel.WARN;
      case INFO -> LogLevel.INFO;
      case DEBUG -> LogLevel.DBG;
    };
  }
}
