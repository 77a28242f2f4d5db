package org.sluice.tools.dbclient;

import java.util.List;

/**
 * One command of the program. Immutable.
 *
 * @param need what has to be found before it runs
 * @param least how many words it takes at least, those for server and database not counted
 * @param most how many at most
 */
record ClientCommand(String name, Need need, int least, int most, Handler handler) {
  /** What has to be found before a command runs. */
  enum Need {
    /** Nothing; it gets all words. */
    NOTHING,
    SERVER,
    DATABASE
  }

  /** What a command works with; server and database are null if it does not need them. */
  record Call(Server server, String database, List<String> words) {}

  /** Carries out a command. */
  @FunctionalInterface
  interface Handler {
    void run(Call call) throws Exception;
  }
}
