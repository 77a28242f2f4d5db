package org.sluice.openflow.codec;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
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

  private TableFeaturesCodec() {}

  static void write(WireWriter out, TableFeatures table, OfVersion version) {
    int start = out.size();
    out.u16(0).u8(table.table()).zeros(5).text(table.name(), 32);
    out.u64(table.metadataMatch()).u64(table.metadataWrite());
    out.u32(table.capabilities()).u32(table.maxEntries());
    writeAbilities(out, table.nonmiss(), version, 0);
    writeAbilities(out, table.miss(), version, 1);
    writeFields(out, MATCH, table.match(), table.mask(), version);
    writeFields(out, WILDCARDS, table.wildcard(), Set.of(), version);
    out.setU16(start, out.size() - start);
  }

  private static void writeAbilities(
      WireWriter out, TableAbilities abilities, OfVersion version, int miss) {
    int start = Property.start(out, INSTRUCTIONS + miss);
    for (int type = 1; type < 32; type++) {
      if ((abilities.instructions() >>> type & 1) != 0) {
        writeTyped(out, type, version);
      }
    }
    Property.finish(out, start);
    start = Property.start(out, NEXT_TABLES + miss);
    abilities.nextTables().forEach(out::u8);
    Property.finish(out, start);
    writeTypes(out, WRITE_ACTIONS + miss, abilities.writeActions(), version);
    writeTypes(out, APPLY_ACTIONS + miss, abilities.applyActions(), version);
    writeFields(out, WRITE_SET_FIELD + miss, abilities.writeSetFields(), Set.of(), version);
    writeFields(out, APPLY_SET_FIELD + miss, abilities.applySetFields(), Set.of(), version);
  }

  /** 1.3 pads the header of an action or instruction that is only named to 8 bytes. */
  private static void writeTyped(WireWriter out, int type, OfVersion version) {
    if (version == OfVersion.OF13) {
      out.u16(type).u16(8).zeros(4);
    } else {
      out.u16(type).u16(4);
    }
  }

  private static void writeTypes(
      WireWriter out, int property, Collection<Integer> types, OfVersion version) {
    int start = Property.start(out, property);
    new TreeSet<>(types).forEach(type -> writeTyped(out, type, version));
    Property.finish(out, start);
  }

  private static void writeFields(
      WireWriter out, int property, Set<Field> fields, Set<Field> masked, OfVersion version) {
    int start = Property.start(out, property);
    for (Field field : Field.values()) {
      if (fields.contains(field)) {
        Oxm.writeHeader(out, field, version, masked.contains(field));
      }
    }
    Property.finish(out, start);
  }

  static TableFeatures read(WireReader list, OfVersion version) {
    int length = list.peekU16(0);
    if (length < HEADER_BYTES) {
      throw list.bad(OfError.OFPBPC_BAD_LEN);
    }
    return new Reading(list.sub(length, OfError.OFPBPC_BAD_LEN), version).read();
  }

  /** One table being read. */
  private static final class Reading {
    private final WireReader in;
    private final OfVersion version;
    private final Side[] sides = {new Side(), new Side()};
    private final Set<Field> match = EnumSet.noneOf(Field.class);
    private final Set<Field> mask = EnumSet.noneOf(Field.class);
    private final Set<Field> wildcard = EnumSet.noneOf(Field.class);

    Reading(WireReader in, OfVersion version) {
      this.in = in;
      this.version = version;
    }

    TableFeatures read() {
      int table = in.skip(2).u8();
      String name = in.skip(5).text(32);
      long metadataMatch = in.u64();
      long metadataWrite = in.u64();
      int capabilities = in.u32();
      int maxEntries = in.u32();
      while (!in.isEmpty()) {
        put(Property.read(in));
      }
      return new TableFeatures(
          table,
          name,
          metadataMatch,
          metadataWrite,
          maxEntries,
          capabilities,
          TableMod.Miss.UNSPECIFIED,
          sides[0].build(),
          sides[1].build(),
          match,
          mask,
          wildcard);
    }

    private void put(Property property) {
      Side side = sides[property.type() & 1];
      WireReader value = property.value();
      switch (property.type()) {
        case MATCH -> readFields(value, match, mask);
        case WILDCARDS -> readFields(value, wildcard, EnumSet.noneOf(Field.class));
        default -> {
          switch (property.type() & ~1) {
            case INSTRUCTIONS ->
                readTypes(value).forEach(type -> side.instructions |= 1 << (type & 31));
            case NEXT_TABLES -> addBytes(value.rest(), side.nextTables);
            case WRITE_ACTIONS -> side.writeActions.addAll(readTypes(value));
            case APPLY_ACTIONS -> side.applyActions.addAll(readTypes(value));
            case WRITE_SET_FIELD -> readFields(value, side.writeSetFields, side.ignored);
            case APPLY_SET_FIELD -> readFields(value, side.applySetFields, side.ignored);
            default -> {}
          }
        }
      }
    }

    private static void addBytes(Bytes bytes, List<Integer> list) {
      for (int i = 0; i < bytes.size(); i++) {
        list.add(bytes.get(i));
      }
    }

    private Set<Integer> readTypes(WireReader value) {
      Set<Integer> types = new TreeSet<>();
      while (!value.isEmpty()) {
        int type = value.u16();
        int length = value.u16();
        if (length < (version == OfVersion.OF13 ? 8 : 4)) {
          throw value.bad(OfError.OFPBPC_BAD_LEN);
        }
        value.skip(length - 4);
        types.add(type);
      }
      return types;
    }

    private static void readFields(WireReader value, Set<Field> fields, Set<Field> masked) {
      while (!value.isEmpty()) {
        Oxm.NamedField named = Oxm.readNamed(value);
        if (named.field() != null) {
          fields.add(named.field());
          if (named.masked()) {
            masked.add(named.field());
          }
        }
      }
    }
  }

  /** What rules of one kind may do, being read. */
  private static final class Side {
    private final List<Integer> nextTables = new ArrayList<>();
    private int instructions;
    private final Set<Integer> writeActions = new TreeSet<>();
    private final Set<Integer> applyActions = new TreeSet<>();
    private final Set<Field> writeSetFields = EnumSet.noneOf(Field.class);
    private final Set<Field> applySetFields = EnumSet.noneOf(Field.class);
    private final Set<Field> ignored = EnumSet.noneOf(Field.class);

    TableAbilities build() {
      return new TableAbilities(
          nextTables, instructions, writeActions, applyActions, writeSetFields, applySetFields);
    }
  }
}
