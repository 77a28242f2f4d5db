package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.match.FieldIds;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage.TableMod;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.message.TableFeatures.TableAbilities;

/** What controllers are told that the tables can do: all of them the same. Stateless. */
final class TableDescriptions {
  static final int MAX_ENTRIES = FlowTables.MAX_RULES;

  /** Go to table, write metadata, write, apply and clear actions; by their numbers on the wire. */
  private static final int INSTRUCTIONS = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5;

  private static final int GO_TO_TABLE = 1 << 1;

  /** Output, VLAN push and pop, set queue, IP TTLs and set field; by their numbers on the wire. */
  private static final Set<Integer> ACTIONS = Set.of(0, 17, 18, 21, 23, 24, 25);

  private TableDescriptions() {}

  /** The features of all tables that controllers see. */
  static Multipart.TableFeaturesReply features(OfVersion version) {
    Set<Field> match = EnumSet.noneOf(Field.class);
    Set<Field> mask = EnumSet.noneOf(Field.class);
    Set<Field> writable = EnumSet.noneOf(Field.class);
    for (Field field : Field.values()) {
      if (!field.isDynamic() && FieldIds.of(field, version) != null) {
        match.add(field);
        if (field.maskable()) {
          mask.add(field);
        }
        if (field.writable()) {
          writable.add(field);
        }
      }
    }
    List<TableFeatures> tables = new ArrayList<>();
    for (int table = 0; table < Ofproto.VISIBLE_TABLES; table++) {
      TableAbilities abilities = abilities(table, writable);
      tables.add(
          new TableFeatures(
              table,
              TableFeatures.Command.REPLACE,
              "",
              -1L,
              -1L,
              MAX_ENTRIES,
              0,
              TableMod.Miss.UNSPECIFIED,
              abilities,
              abilities,
              match,
              mask,
              match));
    }
    return new Multipart.TableFeaturesReply(tables, false);
  }

  private static TableAbilities abilities(int table, Set<Field> writable) {
    List<Integer> next = IntStream.range(table + 1, Ofproto.VISIBLE_TABLES).boxed().toList();
    int instructions = next.isEmpty() ? INSTRUCTIONS & ~GO_TO_TABLE : INSTRUCTIONS;
    return new TableAbilities(next, instructions, ACTIONS, ACTIONS, writable, writable);
  }

  /** How the tables are configured: no eviction, no vacancy events. */
  static Multipart.TableDescriptionReply configuration() {
    List<TableMod> tables = new ArrayList<>();
    for (int i = 0; i < Ofproto.VISIBLE_TABLES; i++) {
      tables.add(
          new TableMod(
              i,
              TableMod.Miss.UNSPECIFIED,
              new TableMod.Eviction(false, 0),
              new TableMod.Vacancy(false, 0, 0, 0)));
    }
    return new Multipart.TableDescriptionReply(tables, false);
  }
}
