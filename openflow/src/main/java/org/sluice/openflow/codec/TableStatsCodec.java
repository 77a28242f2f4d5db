package org.sluice.openflow.codec;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OxmId;
import org.sluice.openflow.match.FieldIds;
import org.sluice.openflow.message.Multipart.TableStats;
import org.sluice.openflow.message.OfMessage.TableMod.Miss;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.message.TableFeatures.TableAbilities;

/**
 * Table statistics, which up to 1.2 say also what the table can do: fields and actions as bits.
 * What a fixed match calls one field, a bit of its wildcards, is one or several here.
 */
final class TableStatsCodec {
  private static final int NAME_BYTES = 32;
  private static final int BASIC_CLASS = 0x8000;

  /** A field and its wildcard bits in 1.0 and 1.1. */
  private record Wildcard(int bits, Field field) {}

  private static final List<Wildcard> WILDCARDS_10 =
      List.of(
          new Wildcard(1, Field.IN_PORT),
          new Wildcard(1 << 1, Field.VLAN_VID),
          new Wildcard(1 << 2, Field.ETH_SRC),
          new Wildcard(1 << 3, Field.ETH_DST),
          new Wildcard(1 << 4, Field.ETH_TYPE),
          new Wildcard(1 << 5, Field.NW_PROTO),
          new Wildcard(1 << 6, Field.TCP_SRC),
          new Wildcard(1 << 7, Field.TCP_DST),
          new Wildcard(0x3f << 8, Field.IP_SRC),
          new Wildcard(0x3f << 14, Field.IP_DST),
          new Wildcard(1 << 20, Field.VLAN_PCP),
          new Wildcard(1 << 21, Field.NW_TOS));

  private static final List<Wildcard> WILDCARDS_11 =
      List.of(
          new Wildcard(1, Field.IN_PORT),
          new Wildcard(1 << 1, Field.VLAN_VID),
          new Wildcard(1 << 2, Field.VLAN_PCP),
          new Wildcard(1 << 3, Field.ETH_TYPE),
          new Wildcard(1 << 4, Field.NW_TOS),
          new Wildcard(1 << 5, Field.NW_PROTO),
          new Wildcard(1 << 6, Field.TCP_SRC),
          new Wildcard(1 << 7, Field.TCP_DST),
          new Wildcard(1 << 8, Field.MPLS_LABEL),
          new Wildcard(1 << 9, Field.MPLS_TC),
          new Wildcard(1 << 11, Field.ETH_SRC),
          new Wildcard(1 << 12, Field.ETH_DST),
          new Wildcard(1 << 13, Field.IP_SRC),
          new Wildcard(1 << 14, Field.IP_DST),
          new Wildcard(1 << 15, Field.METADATA));

  private TableStatsCodec() {}

  // Writing.

  static void write(OfVersion version, WireWriter out, TableStats table) {
    TableFeatures features = table.features();
    out.u8(table.table());
    switch (version) {
      case OF10 -> {
        out.zeros(3).text(features.name(), NAME_BYTES);
        out.u32(toBits(WILDCARDS_10, wildOrAbsent(features))).u32(features.maxEntries());
      }
      case OF11 -> {
        out.zeros(7).text(features.name(), NAME_BYTES);
        out.u32(toBits(WILDCARDS_11, wildOrAbsent(features)));
        out.u32(toBits(WILDCARDS_11, features.match()));
        write11(out, features);
      }
      case OF12 -> {
        out.zeros(7).text(features.name(), NAME_BYTES);
        out.u64(toOxmBits(features.match())).u64(toOxmBits(features.wildcard()));
        write12(out, features);
      }
      default -> out.zeros(3);
    }
    out.u32(table.active()).u64(table.lookups()).u64(table.matches());
  }

  private static void write11(WireWriter out, TableFeatures features) {
    TableAbilities abilities = features.nonmiss();
    out.u32(abilities.instructions() & 0x3e).u32(toTypeBits(abilities.writeActions()));
    out.u32(toTypeBits(abilities.applyActions())).u32(missConfig(features));
    out.u32(features.maxEntries());
  }

  private static void write12(WireWriter out, TableFeatures features) {
    TableAbilities abilities = features.nonmiss();
    out.u32(toTypeBits(abilities.writeActions())).u32(toTypeBits(abilities.applyActions()));
    out.u64(toOxmBits(abilities.writeSetFields())).u64(toOxmBits(abilities.applySetFields()));
    out.u64(features.metadataMatch()).u64(features.metadataWrite());
    out.u32(abilities.instructions() & 0x3e).u32(missConfig(features));
    out.u32(features.maxEntries());
  }

  private static int missConfig(TableFeatures features) {
    Miss miss = features.missConfig();
    return miss == Miss.UNSPECIFIED ? Miss.CONTROLLER.wire() : miss.wire();
  }

  private static Set<Field> wildOrAbsent(TableFeatures features) {
    Set<Field> fields = EnumSet.allOf(Field.class);
    fields.removeAll(features.match());
    fields.addAll(features.wildcard());
    return fields;
  }

  private static int toBits(List<Wildcard> wildcards, Set<Field> fields) {
    int bits = 0;
    for (Wildcard wildcard : wildcards) {
      bits |= fields.contains(wildcard.field()) ? wildcard.bits() : 0;
    }
    return bits;
  }

  private static int toTypeBits(Set<Integer> types) {
    int bits = 0;
    for (int type : types) {
      bits |= 1 << type;
    }
    return bits;
  }

  /** The bit of {@code field} in 1.2's lists, or 0. */
  private static long oxmBit(Field field) {
    FieldIds.FieldId id = FieldIds.of(field, OfVersion.OF12);
    boolean basic = id != null && id.id().oxmClass() == BASIC_CLASS;
    boolean old = basic && (id.since() == null || !OfVersion.OF12.isBefore(id.since()));
    OxmId oxm = old ? id.id() : null;
    return oxm == null || oxm.number() >= Long.SIZE ? 0 : 1L << oxm.number();
  }

  private static long toOxmBits(Set<Field> fields) {
    long bits = 0;
    for (Field field : fields) {
      bits |= oxmBit(field);
    }
    return bits;
  }

  // Reading.

  static TableStats read(WireReader list, OfVersion version) {
    int table = list.u8();
    TableFeatures features =
        switch (version) {
          case OF10 -> read10(list.skip(3), table);
          case OF11 -> read11(list.skip(7), table);
          case OF12 -> read12(list.skip(7), table);
          default -> {
            list.skip(3);
            yield null;
          }
        };
    return new TableStats(table, list.u32(), list.u64(), list.u64(), features);
  }

  private static TableFeatures read10(WireReader in, int table) {
    String name = in.text(NAME_BYTES);
    Set<Field> fields = fromBits(WILDCARDS_10, in.u32());
    return features(
        table, name, 0, 0, in.u32(), Miss.UNSPECIFIED, TableAbilities.NONE, fields, fields);
  }

  private static TableFeatures read11(WireReader in, int table) {
    String name = in.text(NAME_BYTES);
    Set<Field> wildcard = fromBits(WILDCARDS_11, in.u32());
    Set<Field> match = fromBits(WILDCARDS_11, in.u32());
    int instructions = in.u32();
    Set<Integer> write = fromTypeBits(in.u32());
    in.skip(4);
    Miss miss = miss(in.u32());
    TableAbilities abilities =
        new TableAbilities(List.of(), instructions & 0x3e, write, write, Set.of(), Set.of());
    return features(table, name, 0, 0, in.u32(), miss, abilities, match, wildcard);
  }

  private static TableFeatures read12(WireReader in, int table) {
    String name = in.text(NAME_BYTES);
    Set<Field> match = fromOxmBits(in.u64());
    Set<Field> wildcard = fromOxmBits(in.u64());
    Set<Integer> write = fromTypeBits(in.u32());
    Set<Integer> apply = fromTypeBits(in.u32());
    Set<Field> writeFields = fromOxmBits(in.u64());
    Set<Field> applyFields = fromOxmBits(in.u64());
    long metadataMatch = in.u64();
    long metadataWrite = in.u64();
    int instructions = in.u32();
    Miss miss = miss(in.u32());
    TableAbilities abilities =
        new TableAbilities(List.of(), instructions & 0x3e, write, apply, writeFields, applyFields);
    return features(
        table, name, metadataMatch, metadataWrite, in.u32(), miss, abilities, match, wildcard);
  }

  private static TableFeatures features(
      int table,
      String name,
      long metadataMatch,
      long metadataWrite,
      int maxEntries,
      Miss miss,
      TableAbilities abilities,
      Set<Field> match,
      Set<Field> wildcard) {
    Set<Field> all = EnumSet.noneOf(Field.class);
    all.addAll(match);
    all.addAll(wildcard);
    return new TableFeatures(
        table,
        TableFeatures.Command.REPLACE,
        name,
        metadataMatch,
        metadataWrite,
        maxEntries,
        -1,
        miss,
        abilities,
        abilities,
        all,
        Set.of(),
        wildcard);
  }

  private static Miss miss(int wire) {
    Miss miss = Miss.ofWire(wire & 3);
    return miss == null || miss == Miss.UNSPECIFIED ? Miss.CONTROLLER : miss;
  }

  private static Set<Field> fromBits(List<Wildcard> wildcards, int bits) {
    Set<Field> fields = EnumSet.noneOf(Field.class);
    for (Wildcard wildcard : wildcards) {
      if ((bits & wildcard.bits()) != 0) {
        fields.add(wildcard.field());
      }
    }
    return fields;
  }

  private static Set<Integer> fromTypeBits(int bits) {
    Set<Integer> types = new TreeSet<>();
    for (int type = 0; type < Integer.SIZE; type++) {
      if ((bits >>> type & 1) != 0) {
        types.add(type);
      }
    }
    return types;
  }

  private static Set<Field> fromOxmBits(long bits) {
    Set<Field> fields = EnumSet.noneOf(Field.class);
    for (Field field : Field.values()) {
      if ((oxmBit(field) & bits) != 0) {
        fields.add(field);
      }
    }
    return fields;
  }
}
