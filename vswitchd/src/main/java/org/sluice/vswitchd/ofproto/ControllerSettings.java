package org.sluice.vswitchd.ofproto;

/**
 * A controller as configured.
 *
 * @param target where to connect to or listen, as {@code Controller.target} says it
 * @param maxBackoffMs the longest pause between attempts to connect
 * @param inactivityProbeMs how long it may be silent before it is asked for a sign of life; 0: for
 *     ever
 * @param inBand whether the switch sees to it that packets of the connection get through itself
 * @param packetIns how many packet-ins it is sent, at most
 */
public record ControllerSettings(
    String target,
    int maxBackoffMs,
    int inactivityProbeMs,
    boolean inBand,
    PacketInLimit packetIns) {
  public static final int DEFAULT_MAX_BACKOFF_MS = 8_000;
  public static final int DEFAULT_INACTIVITY_PROBE_MS = 5_000;

  /** With the usual times and no limit. */
  public static ControllerSettings of(String target) {
    return new ControllerSettings(
        target, DEFAULT_MAX_BACKOFF_MS, DEFAULT_INACTIVITY_PROBE_MS, true, PacketInLimit.NONE);
  }
}
