package org.sluice.vswitchd.ofproto;

import java.util.Map;

/**
 * How a controller is at the moment.
 *
 * @param role {@code other}, {@code master} or {@code slave}, as the database calls them; null
 *     while it is not connected
 * @param state {@code ACTIVE}, {@code CONNECTING}, {@code BACKOFF} or {@code VOID}
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

  public ControllerStatus {
    packetIns = Map.copyOf(packetIns);
  }
}
