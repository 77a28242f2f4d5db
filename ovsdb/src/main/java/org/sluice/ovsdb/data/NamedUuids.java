package org.sluice.ovsdb.data;

import java.util.UUID;

/**
 * The names that rows inserted by one transaction go by within it: RFC 7047's {@code named-uuid}.
 */
@FunctionalInterface
public interface NamedUuids {
  /** The UUID that {@code name} stands for, made up at its first mention. */
  UUID uuidOf(String name);
}
