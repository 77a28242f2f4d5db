package org.sluice.ovsdb.server;

import java.io.IOException;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.storage.Compaction;

/**
 * Compacts files while their databases go on: the writer thread says what is to be written and puts
 * the new file in its place; in between, another thread writes. Thread-safe.
 *
 * @param writer owns the databases
 * @param counters is told of each
 * @param log is told what went wrong with those that nobody waits for
 */
record Compactor(WriterThread writer, ServerCounters counters, Vlog log) {
  /** Something that may fail. */
  private interface Step<T> {
    T run() throws IOException;
  }

  /** Waits until a database's file is compact; what went wrong, or null. Not for the writer. */
  String compact(ServedDatabase database) {
    String[] problem = new String[1];
    Compaction begun = writer.call(now -> attempt(database, problem, () -> begin(database, now)));
    if (begun != null) {
      String failed = write(database, begun);
      problem[0] = writer.call(_ -> failed == null ? finish(database, begun) : failed);
    }
    return problem[0];
  }

  /** Begins to compact a database's file; called by the writer thread. */
  void compactLater(ServedDatabase database, Now now) {
    String[] problem = new String[1];
    Compaction begun = attempt(database, problem, () -> begin(database, now));
    if (begun == null) {
      complain(problem[0]);
      return;
    }
    Thread.ofPlatform()
        .name("compaction")
        .daemon()
        .start(() -> {
          String failed = write(database, begun);
          writer.post(_ -> complain(failed == null ? finish(database, begun) : failed));
        });
  }

  private void complain(String problem) {
    if (problem != null) {
      log.warn("compaction failed: %s", problem);
    }
  }

  private static Compaction begin(ServedDatabase database, Now now) throws IOException {
    database.sync();
    return database.file().compact(database.database(), now.wallMs());
  }

  private String write(ServedDatabase database, Compaction compaction) {
    String[] problem = new String[1];
    attempt(
        database,
        problem,
        () -> {
          compaction.write();
          return compaction;
        });
    if (problem[0] != null) {
      writer.execute(_ -> database.file().giveUp(compaction));
    }
    return problem[0];
  }

  private String finish(ServedDatabase database, Compaction compaction) {
    String[] problem = new String[1];
    attempt(
        database,
        problem,
        () -> {
          database.sync();
          database.file().finish(compaction);
          counters.compactions.increment();
          return compaction;
        });
    return problem[0];
  }

  private static <T> T attempt(ServedDatabase database, String[] problem, Step<T> step) {
    try {
      return step.run();
    } catch (IOException e) {
      problem[0] = database.name() + ": " + e.getMessage();
      return null;
    }
  }
}
