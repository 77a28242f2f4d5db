package org.sluice.openflow.print;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Multipart.TableStats;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.TableMod;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.message.TableFeatures.TableAbilities;
import org.sluice.openflow.text.ActionType;
import org.sluice.openflow.text.Names;

/**
 * Tables: configuration, statistics and features. A list of features leaves out of a table what is
 * as in the one before it; tables that do not differ at all make one line together.
 */
final class TablePrinter {
  private static final BitNames EVICTION =
      new BitNames(Map.of(0, "OTHER", 1, "IMPORTANCE", 2, "LIFETIME"));

  /** Instructions by their numbers on the wire, in the order in which they are shown. */
  private static final int[] INSTRUCTION_ORDER = {6, 4, 5, 3, 2, 1};

  private static final Map<Integer, String> INSTRUCTIONS =
      Map.of(
          1, "goto_table",
          2, "write_metadata",
          3, "write_actions",
          4, "apply_actions",
          5, "clear_actions",
          6, "meter");

  private final Names names;
  private final StringBuilder out;
  private int firstDitto = -1;
  private int lastDitto = -1;
  private OfVersion version = OfVersion.OF13;

  TablePrinter(Names names, StringBuilder out) {
    this.names = names;
    this.out = out;
  }

  // Configuration.

  void add(TableMod mod) {
    if (mod.table() == FlowMod.ANY_TABLE) {
      out.append(" table_id: ALL_TABLES");
    } else {
      out.append(" table_id=").append(names.tableText(mod.table()));
    }
    if (mod.miss() != TableMod.Miss.UNSPECIFIED) {
      out.append(", flow_miss_config=").append(miss(mod.miss()));
    }
    if (mod.eviction().enabled() != null) {
      out.append(", eviction=").append(onOff(mod.eviction().enabled()));
    }
    if (mod.eviction().flags() != -1) {
      out.append("eviction_flags=").append(EVICTION.format(mod.eviction().flags(), "|"));
    }
    if (mod.vacancy().enabled() != null) {
      out.append(", vacancy=").append(onOff(mod.vacancy().enabled()));
      if (mod.vacancy().enabled()) {
        out.append(" vacancy:").append(mod.vacancy().down()).append(',');
        out.append(mod.vacancy().up());
      }
    }
  }

  private static String miss(TableMod.Miss miss) {
    return switch (miss) {
      case CONTROLLER -> "controller";
      case CONTINUE -> "continue";
      case DROP -> "drop";
      case UNSPECIFIED -> "default";
    };
  }

  private static String onOff(boolean on) {
    return on ? "on" : "off";
  }

  void add(OfMessage.TableStatus status) {
    boolean down = status.reason() == OfMessage.TableStatus.VACANCY_DOWN;
    out.append(" reason=").append(down ? "VACANCY_DOWN" : "VACANCY_UP");
    out.append("\ntable_desc:-");
    addDescription(status.table());
  }

  void addDescription(TableMod table) {
    out.append("\n  table ").append(names.tableText(table.table())).append(":\n   eviction=");
    int flags = table.eviction().flags();
    out.append(onOff(Boolean.TRUE.equals(table.eviction().enabled()))).append(" eviction_flags=");
    out.append(flags == -1 ? "(default)" : EVICTION.format(flags, "|"));
    boolean vacancy = Boolean.TRUE.equals(table.vacancy().enabled());
    out.append("\n   vacancy=").append(onOff(vacancy));
    if (vacancy) {
      out.append(" vacancy_down=").append(table.vacancy().down()).append('%');
      out.append(" vacancy_up=").append(table.vacancy().up()).append('%');
      out.append(" vacancy=").append(table.vacancy().now()).append('%');
    }
    out.append('\n');
  }

  // Statistics and features.

  /** What is printed of a table; {@code stats} may be null. */
  private record Entry(TableFeatures features, TableStats stats) {
    boolean hasSameStats(Entry other) {
      return stats == null
          || (stats.active() == other.stats.active()
              && stats.lookups() == other.stats.lookups()
              && stats.matches() == other.stats.matches());
    }
  }

  void addStats(List<TableStats> tables, OfVersion ofVersion) {
    version = ofVersion;
    List<Entry> entries = new ArrayList<>();
    for (TableStats stats : tables) {
      TableFeatures features = stats.features();
      entries.add(
          new Entry(features == null ? TableFeatures.ofTable(stats.table()) : features, stats));
    }
    addAll(entries);
  }

  void addFeatures(List<TableFeatures> tables) {
    addAll(tables.stream().map(features -> new Entry(features, null)).toList());
  }

  private void addAll(List<Entry> entries) {
    Entry previous = null;
    for (Entry entry : entries) {
      add(entry, previous);
      previous = entry;
    }
    finishDitto();
  }

  private void finishDitto() {
    if (firstDitto >= 0) {
      out.append('\n');
      out.append(
          firstDitto == lastDitto
              ? "  table " + firstDitto
              : "  tables " + firstDitto + "..." + lastDitto);
      out.append(": ditto\n");
    }
    firstDitto = -1;
  }

  private void add(Entry entry, Entry previous) {
    TableFeatures features = entry.features();
    if (previous == null && features.command() != TableFeatures.Command.REPLACE) {
      String command = features.command().name().toLowerCase(java.util.Locale.ROOT);
      out.append("\n  command: ").append(command);
    }
    boolean sameStats = entry.stats() == null || (previous != null && entry.hasSameStats(previous));
    boolean sameFeatures = previous != null && areEqual(features, previous.features());
    boolean same = sameStats && sameFeatures;
    if (same && features.name().isEmpty()) {
      firstDitto = firstDitto < 0 ? features.table() : firstDitto;
      lastDitto = features.table();
      return;
    }
    finishDitto();
    out.append("\n  table ").append(features.table());
    out.append(features.name().isEmpty() ? "" : " (\"" + features.name() + "\")");
    out.append(same ? ": ditto" : ":\n");
    if (same) {
      return;
    }
    if (entry.stats() != null) {
      add(entry.stats());
    }
    if (!sameFeatures) {
      add(features, previous == null ? null : previous.features());
    } else if (!isEmpty(features)) {
      out.append("    (same features)\n");
    }
  }

  private void add(TableStats stats) {
    out.append("    active=").append(Integer.toUnsignedString(stats.active()));
    out.append(", lookup=").append(Long.toUnsignedString(stats.lookups()));
    out.append(", matched=").append(Long.toUnsignedString(stats.matches())).append('\n');
  }

  private static boolean areEqual(TableFeatures a, TableFeatures b) {
    return a.metadataMatch() == b.metadataMatch()
        && a.metadataWrite() == b.metadataWrite()
        && a.missConfig() == b.missConfig()
        && a.capabilities() == b.capabilities()
        && a.maxEntries() == b.maxEntries()
        && haveEqualAbilities(a, b)
        && a.match().equals(b.match());
  }

  private static boolean haveEqualAbilities(TableFeatures a, TableFeatures b) {
    return areEqual(a.nonmiss(), a.table(), b.nonmiss(), b.table())
        && areEqual(a.miss(), a.table(), b.miss(), b.table());
  }

  private static boolean areEqual(TableAbilities a, int tableA, TableAbilities b, int tableB) {
    return leadOnAlike(a, tableA, b, tableB)
        && a.instructions() == b.instructions()
        && haveEqualActions(a, b);
  }

  private static boolean haveEqualActions(TableAbilities a, TableAbilities b) {
    return a.writeActions().equals(b.writeActions())
        && a.writeSetFields().equals(b.writeSetFields())
        && a.applyActions().equals(b.applyActions())
        && a.applySetFields().equals(b.applySetFields());
  }

  /** Neighbours lead on alike also where each leads to all tables behind it. */
  private static boolean leadOnAlike(TableAbilities a, int tableA, TableAbilities b, int tableB) {
    Set<Integer> nextA = new TreeSet<>(a.nextTables());
    Set<Integer> nextB = new TreeSet<>(b.nextTables());
    if (tableB == tableA + 1 && nextA.contains(tableB) && !nextB.contains(tableB)) {
      nextA.remove(tableB);
      return nextA.equals(nextB);
    }
    return tableA == tableB + 1 ? leadOnAlike(b, tableB, a, tableA) : nextA.equals(nextB);
  }

  private static boolean isEmpty(TableAbilities abilities) {
    return abilities.equals(TableAbilities.NONE);
  }

  private static boolean isEmpty(TableFeatures features) {
    return (features.metadataMatch() | features.metadataWrite()) == 0
        && features.missConfig() == TableMod.Miss.UNSPECIFIED
        && features.capabilities() < 0
        && features.maxEntries() == 0
        && isEmpty(features.nonmiss())
        && isEmpty(features.miss())
        && features.match().isEmpty();
  }

  private void add(TableFeatures features, TableFeatures previous) {
    if ((features.metadataMatch() | features.metadataWrite()) != 0) {
      out.append("    metadata: match=").append(hex(features.metadataMatch()));
      out.append(" write=").append(hex(features.metadataWrite())).append('\n');
    }
    if (features.missConfig() != TableMod.Miss.UNSPECIFIED) {
      out.append("    config=").append(miss(features.missConfig())).append('\n');
    }
    if (features.capabilities() >= 0) {
      addSupport("eviction", features.capabilities() & TableFeatures.EVICTION);
      addSupport("vacancy events", features.capabilities() & TableFeatures.VACANCY_EVENTS);
    }
    if (features.maxEntries() != 0) {
      out.append("    max_entries=").append(Integer.toUnsignedString(features.maxEntries()));
      out.append('\n');
    }
    addInstructions(features, previous);
    addMatching(features, previous);
  }

  private static String hex(long value) {
    return value == 0 ? "0" : "0x" + Long.toHexString(value);
  }

  private void addSupport(String what, int bit) {
    out.append("    ").append(what).append(bit == 0 ? ": not supported\n" : ": supported\n");
  }

  private void addInstructions(TableFeatures features, TableFeatures previous) {
    TableAbilities nonmiss = features.nonmiss();
    int table = features.table();
    TableAbilities before = previous == null ? null : previous.nonmiss();
    if (previous != null && haveEqualAbilities(features, previous)) {
      out.append(isEmpty(nonmiss) ? "" : "    (same instructions)\n");
    } else if (!areEqual(nonmiss, table, features.miss(), table)) {
      out.append("    instructions (other than table miss):\n");
      add(nonmiss, before);
      out.append("    instructions (table miss):\n");
      add(features.miss(), previous == null ? null : previous.miss());
    } else if (!isEmpty(nonmiss)) {
      out.append("    instructions (table miss and others):\n");
      add(nonmiss, before);
    }
  }

  private void add(TableAbilities abilities, TableAbilities previous) {
    if (!abilities.nextTables().isEmpty()) {
      out.append("      next tables: ").append(ranges(abilities.nextTables())).append('\n');
    }
    if (abilities.instructions() != 0) {
      if (previous != null && previous.instructions() == abilities.instructions()) {
        out.append("      (same instructions)\n");
      } else {
        addInstructionNames(abilities.instructions());
      }
    }
    addActions(abilities, previous);
  }

  private static String ranges(List<Integer> tables) {
    StringBuilder text = new StringBuilder();
    int i = 0;
    while (i < tables.size()) {
      int first = tables.get(i);
      int last = first;
      while (i + 1 < tables.size() && tables.get(i + 1) == last + 1) {
        i++;
        last++;
      }
      text.append(text.isEmpty() ? "" : ",").append(first);
      text.append(last == first ? "" : "-" + last);
      i++;
    }
    return text.toString();
  }

  private void addInstructionNames(int instructions) {
    out.append("      instructions:");
    for (int number : INSTRUCTION_ORDER) {
      if ((instructions >>> number & 1) != 0) {
        out.append(' ').append(INSTRUCTIONS.get(number));
      }
    }
    out.append('\n');
  }

  private void addActions(TableAbilities abilities, TableAbilities previous) {
    boolean alike =
        abilities.writeActions().equals(abilities.applyActions())
            && abilities.writeSetFields().equals(abilities.applySetFields());
    boolean repeated = previous != null && haveEqualActions(abilities, previous);
    if (repeated && !abilities.writeSetFields().isEmpty()) {
      out.append("      (same actions)\n");
    } else if (!alike) {
      out.append("      Write-Actions features:\n");
      addActions(abilities.writeActions(), abilities.writeSetFields());
      out.append("      Apply-Actions features:\n");
      addActions(abilities.applyActions(), abilities.applySetFields());
    } else if (!abilities.writeActions().isEmpty() || !abilities.writeSetFields().isEmpty()) {
      out.append("      Write-Actions and Apply-Actions features:\n");
      addActions(abilities.writeActions(), abilities.writeSetFields());
    }
  }

  private void addActions(Set<Integer> types, Set<Field> fields) {
    int bits = 0;
    for (int type : types) {
      bits |= 1 << type;
    }
    String actions = ActionType.names(bits, version);
    if (!actions.isEmpty()) {
      out.append("        actions: ").append(actions).append('\n');
    }
    if (!fields.isEmpty()) {
      out.append("        supported on Set-Field:").append(FieldNames.format(fields)).append('\n');
    }
  }

  private void addMatching(TableFeatures features, TableFeatures previous) {
    if (features.match().isEmpty()) {
      return;
    }
    if (previous != null && previous.match().equals(features.match())) {
      out.append("    (same matching)\n");
      return;
    }
    out.append("    matching:\n");
    addMatching(features, true, true, "arbitrary mask");
    addMatching(features, false, true, "exact match or wildcard");
    addMatching(features, false, false, "must exact match");
  }

  private void addMatching(TableFeatures features, boolean masked, boolean wild, String title) {
    Set<Field> fields = EnumSet.noneOf(Field.class);
    for (Field field : features.match()) {
      boolean fits =
          features.mask().contains(field) == masked && features.wildcard().contains(field) == wild;
      if (fits) {
        fields.add(field);
      }
    }
    if (!fields.isEmpty()) {
      out.append("      ").append(title).append(':').append(FieldNames.format(fields)).append('\n');
    }
  }
}
