package org.sluice.base.jsonrpc;

/**
 * How much one message of a stranger may cost.
 *
 * @param maxMessageBytes length of one message; exact to the size of a read buffer. There may be
 *     one value or name for each eight of these bytes: as a tree, the shortest take most.
 * @param maxDepth how deep arrays and objects may nest
 */
public record JsonRpcLimits(long maxMessageBytes, int maxDepth) {
  /** For databases: a first snapshot of everything is one message. */
  public static final JsonRpcLimits DATABASE = new JsonRpcLimits(512L << 20, 1000);

  /** For commands and their replies' requests: words, not data. */
  public static final JsonRpcLimits COMMAND = new JsonRpcLimits(1L << 20, 16);

  private static final int BYTES_PER_VALUE = 8;

  public JsonRpcLimits {
    if (maxMessageBytes <= 0 || maxDepth <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /** How many values and names may be in one message. */
  long maxValues() {
    return maxMessageBytes / BYTES_PER_VALUE;
  }
}
