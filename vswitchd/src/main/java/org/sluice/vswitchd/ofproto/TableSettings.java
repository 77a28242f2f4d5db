package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.message.OfMessage.TableMod;
import org.sluice.openflow.message.OfMessage.TableStatus;

/**
 * How a flow table is set up: what configuration says, and what controllers have said.
 *
 * @param configured what the database says
 * @param requestedName what a controller called it; empty for nothing
 * @param miss what becomes of packets that match nothing, if a controller has said so
 * @param evictsByRequest whether a controller asked that rules make way for new ones
 */
record TableSettings(
    Configured configured,
    String requestedName,
    TableMod.Miss miss,
    boolean evictsByRequest,
    Vacancy vacancy) {
  /** A table that nobody has set up. */
  static final TableSettings DEFAULT =
      new TableSettings(Configured.NONE, "", TableMod.Miss.UNSPECIFIED, false, Vacancy.OFF);

  /**
   * What the database says of a table.
   *
   * @param name empty for none
   * @param maxRules rules that it takes before it is full
   * @param evicts whether rules make way for new ones when it is full
   * @param groups what tells groups of rules apart, each of which is to have its share of the table
   */
  record Configured(String name, int maxRules, boolean evicts, List<FieldSlice> groups) {
    static final Configured NONE = new Configured("", FlowTables.MAX_RULES, false, List.of());

    Configured {
      groups = List.copyOf(groups);
    }
  }

  /**
   * When to tell that the table gets full or has room again, in percent free.
   *
   * @param next the event that is due next; 0 for none
   */
  record Vacancy(int down, int up, int next) {
    static final Vacancy OFF = new Vacancy(0, 0, 0);

    boolean isOn() {
      return next != 0;
    }
  }

  String name() {
    return configured.name.isEmpty() ? requestedName : configured.name;
  }

  TableSettings withRequestedName(String name) {
    boolean isFree = configured.name.isEmpty();
    return new TableSettings(configured, isFree ? name : "", miss, evictsByRequest, vacancy);
  }

  int maxRules() {
    return configured.maxRules;
  }

  boolean evicts() {
    return configured.evicts || evictsByRequest;
  }

  List<FieldSlice> groups() {
    return configured.groups;
  }

  TableSettings withConfigured(Configured changed) {
    String kept = changed.name.isEmpty() ? requestedName : "";
    return new TableSettings(changed, kept, miss, evictsByRequest, vacancy);
  }

  TableSettings withVacancy(Vacancy changed) {
    return new TableSettings(configured, requestedName, miss, evictsByRequest, changed);
  }

  /** These with what {@code mod} says; {@code free} percent of the table are. */
  TableSettings with(TableMod mod, int free) {
    TableMod.Miss newMiss = mod.miss() == TableMod.Miss.UNSPECIFIED ? miss : mod.miss();
    Boolean eviction = mod.eviction().enabled();
    return new TableSettings(
        configured,
        requestedName,
        newMiss,
        eviction == null ? evictsByRequest : eviction,
        vacancy(mod.vacancy(), free));
  }

  private Vacancy vacancy(TableMod.Vacancy asked, int free) {
    if (asked.enabled() == null) {
      return vacancy;
    }
    int first = free < asked.up() ? TableStatus.VACANCY_UP : TableStatus.VACANCY_DOWN;
    int next = !asked.enabled() ? 0 : vacancy.isOn() ? vacancy.next : first;
    return new Vacancy(asked.down(), asked.up(), next);
  }
}
