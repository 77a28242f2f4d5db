package org.sluice.tools.ctl;

import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.sluice.base.log.Vlog;
import org.sluice.ovsdb.data.BaseType;

/**
 * The {@code @names} by which commands of one line refer to each other's rows. Used by one thread,
 * for one attempt.
 */
final class Symbols {
  private static final class Symbol {
    private UUID uuid = UUID.randomUUID();
    private boolean created;
    private boolean strong;
    private boolean weak;
  }

  private final Map<String, Symbol> byName = new TreeMap<>();

  /** The row that a value of {@code type} refers to by name. */
  UUID refer(String name, BaseType type) {
    Symbol symbol = byName.computeIfAbsent(name, _ -> new Symbol());
    symbol.strong |= type.isStrongReference();
    symbol.weak |= type.isWeakReference();
    return symbol.uuid;
  }

  /** Names a row that is going to be created; rows of root tables need nobody to refer to them. */
  UUID create(String name, boolean root) {
    Symbol symbol = created(name);
    symbol.strong |= root;
    return symbol.uuid;
  }

  /** Names a row that exists. */
  void define(String name, UUID uuid) {
    checkName(name);
    boolean used = byName.containsKey(name);
    Symbol symbol = created(name);
    if (used) {
      throw new CtlFailure(
          "row id \"%s\" specified on \"get\" command was used before it was defined", name);
    }
    symbol.uuid = uuid;
    symbol.strong = true;
  }

  private Symbol created(String name) {
    checkName(name);
    Symbol symbol = byName.computeIfAbsent(name, _ -> new Symbol());
    if (symbol.created) {
      throw new CtlFailure("row id \"%s\" may only be specified on one --id option", name);
    }
    symbol.created = true;
    return symbol;
  }

  private static void checkName(String name) {
    if (!name.startsWith("@")) {
      throw new CtlFailure("row id \"%s\" does not begin with \"@\"", name);
    }
  }

  /** Complains about names that nothing defined; warns of rows that nothing keeps. */
  void check(Vlog log) {
    byName.forEach((name, symbol) -> {
      if (!symbol.created) {
        throw new CtlFailure(
            "row id \"%s\" is referenced but never created"
                + " (e.g. with \"-- --id=%s create ...\")",
            name, name);
      }
      if (!symbol.strong) {
        log.warn(
            "row id \"%s\" was created but %s reference to it was inserted, so it will not"
                + " actually appear in the database",
            name, symbol.weak ? "only a weak" : "no");
      }
    });
  }
}
