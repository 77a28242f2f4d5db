package org.sluice.openflow.message;

import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Field;

/**
 * What a table can do.
 *
 * @param command what a request of 1.5 asks for
 * @param capabilities {@link #EVICTION} and {@link #VACANCY_EVENTS}; -1 where not told, before 1.4
 * @param missConfig what becomes of packets that match nothing, in 1.1 and 1.2
 * @param nonmiss what its rules may do; {@code miss} what its table-miss rule may
 * @param match fields that rules may match on; {@code mask} those that may be masked, {@code
 *     wildcard} those that may be left out
 */
public record TableFeatures(
    int table,
    Command command,
    String name,
    long metadataMatch,
    long metadataWrite,
    int maxEntries,
    int capabilities,
    OfMessage.TableMod.Miss missConfig,
    TableAbilities nonmiss,
    TableAbilities miss,
    Set<Field> match,
    Set<Field> mask,
    Set<Field> wildcard) {
  public static final int EVICTION = 1 << 2;
  public static final int VACANCY_EVENTS = 1 << 3;

  public TableFeatures {
    match = Set.copyOf(match);
    mask = Set.copyOf(mask);
    wildcard = Set.copyOf(wildcard);
  }

  /** What to do with the table, in wire order. */
  public enum Command {
    REPLACE,
    MODIFY,
    ENABLE,
    DISABLE;

    /** The number on the wire. */
    public int wire() {
      return ordinal();
    }

    /** What that number means, or null. */
    public static Command ofWire(int number) {
      return number >= 0 && number < values().length ? values()[number] : null;
    }
  }

  /** The same under another name. */
  public TableFeatures withName(String other) {
    return new TableFeatures(
        table,
        command,
        other,
        metadataMatch,
        metadataWrite,
        maxEntries,
        capabilities,
        missConfig,
        nonmiss,
        miss,
        match,
        mask,
        wildcard);
  }

  /** A change of what is said here; what it can do stays as it is. */
  public TableFeatures asModification() {
    return new TableFeatures(
        table,
        Command.MODIFY,
        name,
        metadataMatch,
        metadataWrite,
        maxEntries,
        capabilities,
        missConfig,
        TableAbilities.NONE,
        TableAbilities.NONE,
        Set.of(),
        Set.of(),
        Set.of());
  }

  /** Whether a table that can do this can do {@code other}, too. */
  public boolean includes(TableFeatures other) {
    return (Math.max(0, other.capabilities) & ~capabilities) == 0
        && (other.metadataMatch & ~metadataMatch) == 0
        && (other.metadataWrite & ~metadataWrite) == 0
        && nonmiss.includes(other.nonmiss)
        && miss.includes(other.miss)
        && match.containsAll(other.match)
        && mask.containsAll(other.mask)
        && wildcard.containsAll(other.wildcard);
  }

  /** Nothing known but its number. */
  public static TableFeatures ofTable(int table) {
    TableAbilities none = TableAbilities.NONE;
    return new TableFeatures(
        table,
        Command.REPLACE,
        "",
        0,
        0,
        0,
        -1,
        OfMessage.TableMod.Miss.UNSPECIFIED,
        none,
        none,
        Set.of(),
        Set.of(),
        Set.of());
  }

  /** What some rules of a table may do; action numbers are those of the version in use. */
  public record TableAbilities(
      List<Integer> nextTables,
      int instructions,
      Set<Integer> writeActions,
      Set<Integer> applyActions,
      Set<Field> writeSetFields,
      Set<Field> applySetFields) {
    /** Nothing. */
    public static final TableAbilities NONE =
        new TableAbilities(List.of(), 0, Set.of(), Set.of(), Set.of(), Set.of());

    public TableAbilities {
      nextTables = List.copyOf(nextTables);
      writeActions = Set.copyOf(writeActions);
      applyActions = Set.copyOf(applyActions);
      writeSetFields = Set.copyOf(writeSetFields);
      applySetFields = Set.copyOf(applySetFields);
    }

    private boolean includes(TableAbilities other) {
      return Set.copyOf(nextTables).containsAll(other.nextTables)
          && (other.instructions & ~instructions) == 0
          && writeActions.containsAll(other.writeActions)
          && applyActions.containsAll(other.applyActions)
          && writeSetFields.containsAll(other.writeSetFields)
          && applySetFields.containsAll(other.applySetFields);
    }
  }
}
