package org.sluice.vswitchd.ofproto;

import java.util.Map;

/**
 * How a controller is at the moment.
 *
 * @param role {@code other}, {@code master} or {@code slave}, as the database calls them; null
 *     while it is not connected
 * @param state {@code ACTIVE}, {@code CONNECTING}, {@code BACKOFF} or {@code VOID}
 * @param lastError why the last attempt failed; null if none did
 * @param packetIns what came of packet-ins, where they are limited, as the status column has it
 */
public record ControllerStatus(
    String target,
    boolean isConnected,
    String role,
    String state,
    String lastError,
    Map<String, String> packetIns) {
  public ControllerStatus {
    packetIns = Map.copyOf(packetIns);
  }
}
