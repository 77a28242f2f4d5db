package org.sluice.ovsdb.client;

/**
 * Whether a server lives, by how much has come from it between one look and the next: a long answer
 * on a slow line counts while it comes. Used by one thread.
 */
final class SignsOfLife {
  /** What a look shows. */
  enum Sight {
    ALIVE,
    /** Nothing has come: it should be asked for a sign. */
    SILENT,
    /** Nothing has come although it was asked. */
    DEAD
  }

  private Object connection;
  private long bytes;
  private boolean asked;

  /**
   * Looks at a connection.
   *
   * @param now the connection, or null while there is none
   * @param receivedBytes how many bytes have come over it
   */
  @SuppressWarnings("ReferenceEquality") // the same connection as last time
  Sight look(Object now, long receivedBytes) {
    boolean silent = now != null && now == connection && receivedBytes == bytes;
    Sight sight = !silent ? Sight.ALIVE : asked ? Sight.DEAD : Sight.SILENT;
    asked = sight == Sight.SILENT;
    connection = now;
    bytes = receivedBytes;
    return sight;
  }
}
