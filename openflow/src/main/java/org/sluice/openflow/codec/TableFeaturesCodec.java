package org.sluice.openflow.codec;

import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage.TableMod;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.message.TableFeatures.TableAbilities;

/**
 * Table features: numbers, then properties, each once for ordinary rules and with the next odd
 * number for the table-miss rule.
 */
final class TableFeaturesCodec {
  private static final int HEADER_BYTES = 64;
  private static final int INSTRUCTIONS = 0;
  private static final int NEXT_TABLES = 2;
  private static final int WRITE_ACTIONS = 4;
  private static final int APPLY_ACTIONS = 6;
  private static final int MATCH = 8;
  private static final int WILDCARDS = 10;
  private static final int WRITE_SET_FIELD = 12;
  private static final int APPLY_SET_FIELD = 14;
  private static final int REQUIRED =
      1 << INSTRUCTIONS
          | 1 << NEXT_TABLES
          | 1 << WRITE_ACTIONS
          | 1 << APPLY_ACTIONS
          | 1 << MATCH
          | 1 << WILDCARDS
          | 1 << WRITE_SET_FIELD
          | 1 << APPLY_SET_FIELD;
  private static final int NAME_BYTES = 32;
  private static final int ALL_TABLES = 0xff;
  private static final int LAST_INSTRUCTION = 6;

  private final OfVersion version;

  /** How sets of fields are written that tables mostly share. */
  private final Map<FieldSet, byte[]> written = new HashMap<>();

  private record FieldSet(Set<Field> fields, Set<Field> masked) {}

  /** A writer of any number of tables. */
  TableFeaturesCodec(OfVersion version) {
    this.version = version;
  }

  void write(WireWriter out, TableFeatures table) {
    int start = out.size();
    out.u16(0).u8(table.table());
    out.u8(version.isAtLeast(OfVersion.OF15) ? table.command().wire() : 0).zeros(4);
    out.text(table.name(), NAME_BYTES);
    out.u64(table.metadataMatch()).u64(table.metadataWrite());
    out.u32(Math.max(0, table.capabilities())).u32(table.maxEntries());
    writeAbilities(out, table.nonmiss(), 0);
    writeAbilities(out, table.miss(), 1);
    writeFields(out, MATCH, table.match(), table.mask());
    writeFields(out, WILDCARDS, table.wildcard(), Set.of());
    out.setU16(start, out.size() - start);
  }

  private void writeAbilities(WireWriter out, TableAbilities abilities, int miss) {
    int start = Property.start(out, INSTRUCTIONS + miss);
    for (int type = 1; type < 32; type++) {
      if ((abilities.instructions() >>> type & 1) != 0) {
        writeTyped(out, type);
      }
    }
    Property.finish(out, start);
    start = Property.start(out, NEXT_TABLES + miss);
    abilities.nextTables().forEach(out::u8);
    Property.finish(out, start);
    writeTypes(out, WRITE_ACTIONS + miss, abilities.writeActions());
    writeTypes(out, APPLY_ACTIONS + miss, abilities.applyActions());
    writeFields(out, WRITE_SET_FIELD + miss, abilities.writeSetFields(), Set.of());
    writeFields(out, APPLY_SET_FIELD + miss, abilities.applySetFields(), Set.of());
  }

  /** 1.3 pads the header of an action or instruction that is only named to 8 bytes. */
  private void writeTyped(WireWriter out, int type) {
    if (version == OfVersion.OF13) {
      out.u16(type).u16(8).zeros(4);
    } else {
      out.u16(type).u16(4);
    }
  }

  private void writeTypes(WireWriter out, int property, Collection<Integer> types) {
    int start = Property.start(out, property);
    new TreeSet<>(types).forEach(type -> writeTyped(out, type));
    Property.finish(out, start);
  }

  private void writeFields(WireWriter out, int property, Set<Field> fields, Set<Field> masked) {
    int start = Property.start(out, property);
    FieldSet set = new FieldSet(fields, masked);
    byte[] before = written.get(set);
    if (before == null) {
      int from = out.size();
      writeHeaders(out, fields, masked);
      written.put(set, out.since(from));
    } else {
      out.bytes(before);
    }
    Property.finish(out, start);
  }

  private void writeHeaders(WireWriter out, Set<Field> fields, Set<Field> masked) {
    for (Field field : Field.values()) {
      if (fields.contains(field)) {
        Oxm.writeHeader(out, field, version, masked.contains(field));
      }
    }
  }

  /** {@code loose}: fields that are not known are passed over. */
  static TableFeatures read(WireReader list, OfVersion version, boolean loose) {
    if (list.left() < HEADER_BYTES) {
      throw list.bad(OfError.OFPBPC_BAD_LEN);
    }
    int length = list.peekU16(0);
    if (length < HEADER_BYTES || length % 8 != 0) {
      throw list.bad(OfError.OFPBPC_BAD_LEN);
    }
    return new Reading(list.sub(length, OfError.OFPBPC_BAD_LEN), version, loose).read();
  }

  /** One table being read. Used by one thread. */
  private static final class Reading {
    private final WireReader in;
    private final OfVersion version;
    private final boolean loose;
    private final Side nonmiss = new Side();
    private final Side miss = new Side();
    private final Set<Field> match = EnumSet.noneOf(Field.class);
    private final Set<Field> mask = EnumSet.noneOf(Field.class);
    private final Set<Field> wildcard = EnumSet.noneOf(Field.class);
    private int seen;

    Reading(WireReader in, OfVersion version, boolean loose) {
      this.in = in;
      this.version = version;
      this.loose = loose;
    }

    TableFeatures read() {
      int table = in.skip(2).u8();
      int wire = in.u8();
      boolean of15 = version.isAtLeast(OfVersion.OF15);
      TableFeatures.Command command = TableFeatures.Command.ofWire(of15 ? wire : 0);
      if (command == null) {
        throw in.bad(OfError.OFPTFFC_BAD_COMMAND);
      }
      if (table == ALL_TABLES) {
        throw in.bad(OfError.OFPTFFC_BAD_TABLE);
      }
      String name = in.skip(4).text(NAME_BYTES);
      long metadataMatch = in.u64();
      long metadataWrite = in.u64();
      int capabilities = in.u32() & (TableFeatures.EVICTION | TableFeatures.VACANCY_EVENTS);
      int maxEntries = in.u32();
      boolean any = !in.isEmpty();
      while (!in.isEmpty()) {
        put(Property.read(in));
      }
      complete(any);
      return new TableFeatures(
          table,
          command,
          name,
          metadataMatch,
          metadataWrite,
          maxEntries,
          version.isAtLeast(OfVersion.OF14) ? capabilities : -1,
          TableMod.Miss.UNSPECIFIED,
          nonmiss.build(),
          miss.build(),
          match,
          mask,
          wildcard);
    }

    /** What is not said of the table-miss rule is as for the others. */
    private void complete(boolean any) {
      boolean required = any || version.isBefore(OfVersion.OF15);
      if (required && (seen & REQUIRED) != REQUIRED) {
        throw in.bad(OfError.OFPTFFC_BAD_FEATURES);
      }
      miss.completeFrom(nonmiss, seen);
      match.addAll(mask);
      wildcard.addAll(mask);
      wildcard.retainAll(match);
    }

    private void put(Property property) {
      if (property.isExperimenter()) {
        if (loose) {
          return;
        }
        throw property.unknown("ofp_table", "table features");
      }
      int type = property.type();
      if (type < Integer.SIZE && (seen >>> type & 1) != 0) {
        throw in.bad(OfError.OFPTFFC_BAD_FEATURES);
      }
      seen |= type < Integer.SIZE ? 1 << type : 0;
      Side side = (type & 1) == 0 ? nonmiss : miss;
      WireReader value = property.value();
      switch (type) {
        case MATCH -> readFields(value, match, mask);
        case WILDCARDS -> readFields(value, wildcard, null);
        case INSTRUCTIONS, INSTRUCTIONS + 1 -> side.instructions = readInstructions(value);
        case NEXT_TABLES, NEXT_TABLES + 1 -> readTables(value, side.nextTables);
        case WRITE_ACTIONS, WRITE_ACTIONS + 1 -> side.writeActions.addAll(readTypes(value));
        case APPLY_ACTIONS, APPLY_ACTIONS + 1 -> side.applyActions.addAll(readTypes(value));
        case WRITE_SET_FIELD, WRITE_SET_FIELD + 1 -> readFields(value, side.writeFields, null);
        case APPLY_SET_FIELD, APPLY_SET_FIELD + 1 -> readFields(value, side.applyFields, null);
        default -> {
          if (!loose) {
            throw property.unknown("ofp_table", "table features");
          }
        }
      }
    }

    private static void readTables(WireReader value, Set<Integer> tables) {
      Bytes bytes = value.rest();
      for (int i = 0; i < bytes.size(); i++) {
        if (bytes.get(i) == ALL_TABLES) {
          throw value.bad(OfError.OFPBPC_BAD_VALUE);
        }
        tables.add(bytes.get(i));
      }
    }

    private int readInstructions(WireReader value) {
      int bits = 0;
      for (int type : readTypes(value)) {
        boolean known = type >= 1 && type <= LAST_INSTRUCTION;
        if (!known && !loose) {
          throw value.bad(OfError.OFPBIC_UNKNOWN_INST);
        }
        bits |= known ? 1 << type : 0;
      }
      return bits;
    }

    private static Set<Integer> readTypes(WireReader value) {
      Set<Integer> types = new TreeSet<>();
      while (!value.isEmpty()) {
        int type = value.u16();
        int length = value.u16();
        if (length < 4) {
          throw value.bad(OfError.OFPBPC_BAD_LEN);
        }
        value.skip(length - 4);
        if (type < Integer.SIZE) {
          types.add(type);
        }
      }
      return types;
    }

    /** {@code masked} null: none may be. */
    private void readFields(WireReader value, Set<Field> fields, Set<Field> masked) {
      while (!value.isEmpty()) {
        Oxm.NamedField named = Oxm.readNamed(value);
        if (named.field() == null) {
          if (!loose) {
            throw value.bad(OfError.OFPBMC_BAD_FIELD);
          }
        } else if (named.masked() && masked == null) {
          throw value.bad(OfError.OFPBMC_BAD_MASK);
        } else {
          (named.masked() ? masked : fields).add(named.field());
        }
      }
    }
  }

  /** What rules of one kind may do, being read. */
  private static final class Side {
    private final Set<Integer> nextTables = new TreeSet<>();
    private int instructions;
    private final Set<Integer> writeActions = new TreeSet<>();
    private final Set<Integer> applyActions = new TreeSet<>();
    private final Set<Field> writeFields = EnumSet.noneOf(Field.class);
    private final Set<Field> applyFields = EnumSet.noneOf(Field.class);

    void completeFrom(Side other, int seen) {
      instructions = isSaid(seen, INSTRUCTIONS) ? instructions : other.instructions;
      complete(nextTables, other.nextTables, isSaid(seen, NEXT_TABLES));
      complete(writeActions, other.writeActions, isSaid(seen, WRITE_ACTIONS));
      complete(applyActions, other.applyActions, isSaid(seen, APPLY_ACTIONS));
      complete(writeFields, other.writeFields, isSaid(seen, WRITE_SET_FIELD));
      complete(applyFields, other.applyFields, isSaid(seen, APPLY_SET_FIELD));
    }

    private static boolean isSaid(int seen, int type) {
      return (seen >>> (type + 1) & 1) != 0;
    }

    private static <T> void complete(Set<T> own, Set<T> other, boolean said) {
      if (!said) {
        own.addAll(other);
      }
    }

    TableAbilities build() {
      return new TableAbilities(
          List.copyOf(nextTables),
          instructions,
          writeActions,
          applyActions,
          writeFields,
          applyFields);
    }
  }
}
