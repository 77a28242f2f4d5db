package org.sluice.datapath.conntrack;

/**
 * Something that happened to a connection.
 *
 * @param connection as it was then; of a connection that is gone as it was last
 */
public record ConnectionEvent(Kind kind, long nowMs, ConnectionSnapshot connection) {
  /** What happened. */
  public enum Kind {
    /** It was made. */
    NEW,
    /** Its state, mark or labels changed. */
    UPDATE,
    /** It is gone: expired, flushed or replaced. */
    DESTROY
  }
}
