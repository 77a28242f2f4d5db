package org.sluice.ovsdb.transaction;

import java.util.Collection;
import java.util.UUID;
import org.sluice.ovsdb.data.Atom;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.data.OvsdbError;
import org.sluice.ovsdb.data.OvsdbException;
import org.sluice.ovsdb.schema.ColumnSchema;

/**
 * What a client in a role may do, by the tables that the database itself has for it: {@code
 * RBAC_Role} maps tables to rows of {@code RBAC_Permission}, which say who is authorized for a row
 * (columns that name the client), whether rows may be inserted and deleted, and which columns may
 * be changed. Lives on the writer thread for the length of one request.
 *
 * @param database whose rules they are
 * @param role the role; empty for no restriction
 * @param id who the client is, by its certificate; null if unknown
 */
record AccessRules(Database database, String role, String id) {
  private static final String ROLES = "RBAC_Role";
  private static final String PERMISSIONS = "RBAC_Permission";

  private boolean apply() {
    return !role.isEmpty() && database.table(ROLES) != null;
  }

  /** Complains about a row that may not be inserted. */
  void checkInsert(Row row) throws OvsdbException {
    if (apply() && !mayInsertOrDelete(row)) {
      throw denied("row insertion into", row.table().name());
    }
  }

  /** Complains about rows that may not be deleted. */
  void checkDelete(Table table, Collection<Row> rows) throws OvsdbException {
    if (apply()
        && (permission(table) == null || !rows.stream().allMatch(this::mayInsertOrDelete))) {
      throw denied("row deletion from", table.schema().name());
    }
  }

  /** Complains about rows of which these columns may not be changed. */
  void checkModify(
      Table table, Collection<Row> rows, Collection<ColumnSchema> columns, String operation)
      throws OvsdbException {
    if (!apply()) {
      return;
    }
    Row permission = permission(table);
    Datum allowed = permission == null ? Datum.EMPTY : value(permission, "update");
    boolean columnsAllowed =
        columns.stream().allMatch(column -> allowed.containsKey(Atom.of(column.name())));
    boolean rowsAllowed = rows.stream().allMatch(row -> isAuthorized(permission, row));
    if (id == null || permission == null || !rowsAllowed || (!rows.isEmpty() && !columnsAllowed)) {
      throw denied(operation, table.schema().name());
    }
  }

  /** The error for an operation that the rules do not allow. */
  private OvsdbException denied(String operation, String table) {
    String text =
        "RBAC rules for client \"%s\" role \"%s\" prohibit %s table \"%s\"."
            .formatted(id, role, operation, table);
    return OvsdbError.of("permission error", text).thrown();
  }

  private boolean mayInsertOrDelete(Row row) {
    Row permission = permission(database.table(row.table()));
    return permission != null
        && isAuthorized(permission, row)
        && value(permission, "insert_delete").bool(false);
  }

  /** The permissions of the role on a table, or null. */
  private Row permission(Table table) {
    if (id == null || database.table(PERMISSIONS) == null) {
      return null;
    }
    for (Row row : database.table(ROLES).rows()) {
      if (role.equals(value(row, "name").string())) {
        Datum permissions = value(row, "permissions");
        Atom target =
            permissions.hasValues() ? permissions.get(Atom.of(table.schema().name())) : null;
        return target instanceof Atom.UuidAtom(UUID uuid)
            ? database.table(PERMISSIONS).row(uuid)
            : null;
      }
    }
    return null;
  }

  private boolean isAuthorized(Row permission, Row row) {
    if (permission == null) {
      return false;
    }
    for (String name : value(permission, "authorization").strings()) {
      if (name.isEmpty() || id.equals(named(row, name))) {
        return true;
      }
    }
    return false;
  }

  /** The string in the column {@code name}, or in a map by {@code COLUMN:KEY}. */
  private static String named(Row row, String name) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      Datum value = value(row, name);
      return value.size() == 1 && value.key(0) instanceof Atom.StringAtom(String text)
          ? text
          : null;
    }
    Datum map = value(row, name.substring(0, colon));
    return map.hasValues() ? map.get(name.substring(colon + 1)) : null;
  }

  private static Datum value(Row row, String name) {
    ColumnSchema column = row.table().column(name);
    return column == null ? Datum.EMPTY : row.get(column);
  }
}
