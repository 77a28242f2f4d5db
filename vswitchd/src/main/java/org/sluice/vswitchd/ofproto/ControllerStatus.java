package org.sluice.vswitchd.ofproto;

import java.util.Map;

/**
 * How a controller is at the moment.
 *
 * @param role {@code other}, {@code master} or {@code slave}, as the database calls them; null
 *     while it is not connected
 * @param state {@code ACTIVE}, {@code IDLE} while it is asked for a sign of life, {@code
 *     CONNECTING} or {@code BACKOFF}; null where it is a place to listen at
 * @param lastError why the last connection or attempt ended; null if none has
 * @param packetIns what came of packet-ins, where they are limited, as the status column has it
 */
public record ControllerStatus(
    String target,
    boolean isConnected,
    String role,
    String state,
    String lastError,
    Ages ages,
    Map<String, String> packetIns) {
  /**
   * How long ago it was connected last, and how long ago it or an attempt ended.
   *
   * @param connectedS {@link #NEVER} where it has not been
   * @param disconnectedS the same
   */
  public record Ages(int connectedS, int disconnectedS) {
    public static final int NEVER = -1;
  }

  /** Of a place to listen at, which has no more to tell. */
  static ControllerStatus listening(String target) {
    Ages never = new Ages(Ages.NEVER, Ages.NEVER);
    return new ControllerStatus(target, false, null, null, null, never, Map.of());
  }

  public ControllerStatus {
    packetIns = Map.copyOf(packetIns);
  }
}
