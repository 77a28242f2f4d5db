package org.sluice.vswitchd.bridge;

import java.util.Map;
import java.util.UUID;

/**
 * An Interface row as somebody wants it.
 *
 * @param row the row's identity
 * @param type as written; empty means {@code system}
 * @param options by the type
 * @param ofportRequest the OpenFlow number asked for, or 0
 * @param mac the address asked for, or 0
 * @param mtuRequest the MTU asked for, or 0
 */
public record DesiredInterface(
    UUID row,
    String name,
    String type,
    Map<String, String> options,
    int ofportRequest,
    long mac,
    int mtuRequest) {
  /** The type with its default in place. */
  String effectiveType() {
    return type.isEmpty() ? "system" : type;
  }

  boolean isPatch() {
    return type.equals("patch");
  }

  /** What is wrong with a patch port's options, in one line; null if nothing is. */
  String patchError() {
    String peer = options.get("peer");
    if (peer == null) {
      return name + ": patch type requires valid 'peer' argument";
    }
    if (options.size() > 1) {
      return name + ": patch type takes only a 'peer' argument";
    }
    return peer.equals(name) ? name + ": patch peer must not be self" : null;
  }

  /** Whether the same device serves both: only settings differ that can be changed on the run. */
  boolean isSameDevice(DesiredInterface other) {
    return isSameKind(other) && (isPatch() || options.equals(other.options));
  }

  /** Whether a device of the same name and type serves both. */
  boolean isSameKind(DesiredInterface other) {
    return name.equals(other.name) && effectiveType().equals(other.effectiveType());
  }
}
