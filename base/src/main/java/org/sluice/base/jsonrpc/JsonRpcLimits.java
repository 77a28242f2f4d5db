package org.sluice.base.jsonrpc;

/**
 * How much one message of a stranger may cost.
 *
 * @param maxMessageBytes length of one message; exact to the size of a read buffer
 * @param maxDepth how deep arrays and objects may nest
 */
public record JsonRpcLimits(long maxMessageBytes, int maxDepth) {
  /** For databases: a first snapshot of everything is one message. */
  public static final JsonRpcLimits DATABASE = new JsonRpcLimits(512L << 20, 1000);

  /** For commands and their replies' requests: words, not data. */
  public static final JsonRpcLimits COMMAND = new JsonRpcLimits(1L << 20, 16);

  public JsonRpcLimits {
    if (maxMessageBytes <= 0 || maxDepth <= 0) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
