package org.sluice.ovsdb.transaction;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One {@code transact} request, to be run perhaps several times while it waits. Immutable.
 *
 * @param params the database's name followed by the operations
 * @param sender who sent it
 * @param readOnly whether operations that change anything are refused
 * @param elapsedMs how long ago it came; {@link #ONCE} if it can only be run now
 */
public record Request(JsonNode params, LockHolder sender, boolean readOnly, long elapsedMs) {
  /** For {@code elapsedMs}: there is nobody who would run the request again. */
  public static final long ONCE = -1;

  /** A request by ourselves that just came. */
  public static Request of(JsonNode params) {
    return new Request(params, _ -> false, false, 0);
  }
}
