package org.sluice.vswitchd.ofproto;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.message.NiciraMessage.TlvCommand;
import org.sluice.openflow.message.NiciraMessage.TlvMapping;
import org.sluice.openflow.message.NiciraMessage.TlvTableMod;
import org.sluice.openflow.message.NiciraMessage.TlvTableReply;
import org.sluice.openflow.message.OfError;

/**
 * Which tunnel option each {@code tun_metadata} field of a switch stands for, and where the fields'
 * values lie. Changed under the writer lock, by one message wholly or not at all; any thread may
 * ask.
 */
final class TlvTable {
  private static final int FIELDS = 64;

  /**
   * What the table says.
   *
   * @param mappings by the fields' numbers
   */
  private record Contents(Map<Integer, TlvMapping> mappings, OptionLayout layout) {}

  private volatile Contents contents = new Contents(Map.of(), OptionLayout.NONE);

  /** Where the values lie. */
  OptionLayout layout() {
    return contents.layout();
  }

  /**
   * Does what {@code mod} says; null, or what is wrong with it, and then nothing is changed.
   *
   * @param used whether a rule names a field, which must then stay as it is
   */
  OfError apply(TlvTableMod mod, Predicate<Field> used) {
    Draft draft = new Draft(contents);
    for (TlvMapping mapping : mod.mappings()) {
      OfError error =
          switch (mod.command()) {
            case ADD -> draft.add(mapping);
            case DELETE -> draft.remove(mapping.index(), used);
            case CLEAR -> null;
          };
      if (error != null) {
        return error;
      }
    }
    if (mod.command() == TlvCommand.CLEAR) {
      OfError error = draft.clear(used);
      if (error != null) {
        return error;
      }
    }
    contents = new Contents(draft.mappings, draft.layout);
    return null;
  }

  /** The next contents, in the making. */
  private static final class Draft {
    private final Map<Integer, TlvMapping> mappings;
    private OptionLayout layout;

    Draft(Contents before) {
      mappings = new TreeMap<>(before.mappings());
      layout = before.layout();
    }

    OfError add(TlvMapping added) {
      if (mappings.containsKey(added.index())) {
        return OfError.NXTTMFC_ALREADY_MAPPED;
      }
      for (TlvMapping other : mappings.values()) {
        if (other.optionClass() == added.optionClass()
            && other.optionType() == added.optionType()) {
          return OfError.NXTTMFC_DUP_ENTRY;
        }
      }
      OptionLayout more = layout.with(Field.option(added.index()), added.optionBytes(), false);
      if (more == null) {
        return OfError.NXTTMFC_TABLE_FULL;
      }
      layout = more;
      mappings.put(added.index(), added);
      return null;
    }

    OfError remove(int index, Predicate<Field> used) {
      Field option = Field.option(index);
      if (layout.has(option) && used.test(option)) {
        return OfError.NXTTMFC_INVALID_TLV_DEL;
      }
      layout = layout.without(option);
      mappings.remove(index);
      return null;
    }

    OfError clear(Predicate<Field> used) {
      for (Field option : layout.fields()) {
        if (used.test(option)) {
          return OfError.NXTTMFC_INVALID_TLV_DEL;
        }
      }
      layout = OptionLayout.NONE;
      mappings.clear();
      return null;
    }
  }

  /** The table as controllers see it. */
  TlvTableReply reply() {
    return new TlvTableReply(
        OptionLayout.MAX_BYTES, FIELDS, contents.mappings().values().stream().toList());
  }
}
