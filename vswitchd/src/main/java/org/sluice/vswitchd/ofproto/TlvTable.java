package org.sluice.vswitchd.ofproto;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.sluice.openflow.message.NiciraMessage.TlvMapping;
import org.sluice.openflow.message.NiciraMessage.TlvTableMod;
import org.sluice.openflow.message.NiciraMessage.TlvTableReply;
import org.sluice.openflow.message.OfError;

/**
 * Which tunnel option each {@code tun_metadata} field of a switch stands for. Changed under the
 * writer lock, by one message wholly or not at all; any thread may ask.
 */
final class TlvTable {
  /** Bytes that all fields have together. */
  static final int MAX_BYTES = 256;

  private static final int FIELDS = 64;

  /** By the fields' numbers. */
  private volatile Map<Integer, TlvMapping> mappings = Map.of();

  /** Does what {@code mod} says; null, or what is wrong with it, and then nothing is changed. */
  OfError apply(TlvTableMod mod) {
    Map<Integer, TlvMapping> changed = new TreeMap<>(mappings);
    switch (mod.command()) {
      case ADD -> {
        for (TlvMapping mapping : mod.mappings()) {
          OfError error = add(changed, mapping);
          if (error != null) {
            return error;
          }
        }
      }
      case DELETE -> mod.mappings().forEach(mapping -> changed.remove(mapping.index()));
      case CLEAR -> changed.clear();
    }
    mappings = changed;
    return null;
  }

  private static OfError add(Map<Integer, TlvMapping> to, TlvMapping added) {
    if (to.containsKey(added.index())) {
      return OfError.NXTTMFC_ALREADY_MAPPED;
    }
    for (TlvMapping other : to.values()) {
      if (other.optionClass() == added.optionClass() && other.optionType() == added.optionType()) {
        return OfError.NXTTMFC_DUP_ENTRY;
      }
    }
    if (bytes(to.values()) + added.optionBytes() > MAX_BYTES) {
      return OfError.NXTTMFC_TABLE_FULL;
    }
    to.put(added.index(), added);
    return null;
  }

  private static int bytes(Collection<TlvMapping> mappings) {
    return mappings.stream().mapToInt(TlvMapping::optionBytes).sum();
  }

  /** The table as controllers see it. */
  TlvTableReply reply() {
    return new TlvTableReply(MAX_BYTES, FIELDS, mappings.values().stream().toList());
  }
}
