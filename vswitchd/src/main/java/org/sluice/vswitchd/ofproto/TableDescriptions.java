package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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

  /** Go to table, write metadata, write, apply and clear actions, meter; as on the wire. */
  private static final int INSTRUCTIONS = 1 << 1 | 1 << 2 | 1 << 3 | 1 << 4 | 1 << 5 | 1 << 6;

  private static final int GO_TO_TABLE = 1 << 1;

  /** Output, group, set field, VLAN and MPLS push and pop, TTLs, set queue; as on the wire. */
  private static final Set<Integer> ACTIONS = Set.of(0, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25);

  /** By what tables evict, as on the wire: importance, lifetime and fairness. */
  static final int EVICTION_BY = 1 << 1 | 1 << 2 | 1;

  /** Open vSwitch's tables say neither that they evict nor that they tell of vacancy. */
  private static final int CAPABILITIES = 0;

  private TableDescriptions() {}

  /** The features of all tables that controllers see. */
  static Multipart.TableFeaturesReply features(FlowTables own, OfVersion version) {
    Set<Field> match = fields(version, _ -> true);
    Set<Field> mask = fields(version, Field::maskable);
    Set<Field> writable = fields(version, Field::writable);
    List<TableFeatures> tables = new ArrayList<>();
    for (int table = 0; table < Ofproto.VISIBLE_TABLES; table++) {
      TableAbilities abilities = abilities(table, writable);
      TableSettings settings = own.settings(table);
      tables.add(
          new TableFeatures(
              table,
              TableFeatures.Command.REPLACE,
              settings.name(),
              -1L,
              -1L,
              settings.maxRules(),
              CAPABILITIES,
              settings.miss(),
              abilities,
              abilities,
              match,
              mask,
              match));
    }
    return new Multipart.TableFeaturesReply(tables, false);
  }

  private static Set<Field> fields(OfVersion version, Predicate<Field> wanted) {
    return Arrays.stream(Field.values())
        .filter(field -> FieldIds.of(field, version) != null && wanted.test(field))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static TableAbilities abilities(int table, Set<Field> writable) {
    List<Integer> next = IntStream.range(table + 1, Ofproto.VISIBLE_TABLES).boxed().toList();
    int instructions = next.isEmpty() ? INSTRUCTIONS & ~GO_TO_TABLE : INSTRUCTIONS;
    return new TableAbilities(next, instructions, ACTIONS, ACTIONS, writable, writable);
  }

  /** How the tables are configured. */
  static Multipart.TableDescriptionReply configuration(FlowTables own) {
    List<TableMod> tables = new ArrayList<>();
    for (int i = 0; i < Ofproto.VISIBLE_TABLES; i++) {
      tables.add(configuration(own, i));
    }
    return new Multipart.TableDescriptionReply(tables, false);
  }

  /** How one table is configured, as far as controllers do that. */
  static TableMod configuration(FlowTables own, int table) {
    TableSettings settings = own.settings(table);
    TableSettings.Vacancy vacancy = settings.vacancy();
    return new TableMod(
        table,
        settings.miss(),
        new TableMod.Eviction(settings.evictsByRequest(), EVICTION_BY),
        new TableMod.Vacancy(vacancy.isOn(), vacancy.down(), vacancy.up(), own.percentFree(table)));
  }
}
