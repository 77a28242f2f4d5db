package org.sluice.vswitchd.ofproto;

/**
 * How a controller is at the moment.
 *
 * @param role {@code other}, {@code master} or {@code slave}, as the database calls them; null
 *     while it is not connected
 * @param state {@code ACTIVE}, {@code CONNECTING}, {@code BACKOFF} or {@code VOID}
 * @param lastError why the last attempt failed; null if none did
 */
public record ControllerStatus(
    String target, boolean isConnected, String role, String state, String lastError) {}
