package org.sluice.tools.ctl;

import java.util.List;
import org.sluice.ovsdb.schema.ColumnSchema;
import org.sluice.ovsdb.schema.TableSchema;

/**
 * An argument of the form {@code COLUMN[:KEY][OPERATOR VALUE]}. Immutable.
 *
 * @param key null if there is none
 * @param operator null if there is none, and then no value
 */
record ColumnTerm(ColumnSchema column, String key, String operator, String value) {
  private static final List<String> ASSIGNMENT = List.of("=");

  /** Reads {@code COLUMN[:KEY]}. */
  static ColumnTerm name(String text, TableSchema table, Names names) {
    Token token = new Token(text);
    ColumnSchema column = column(text, token, table, names);
    String key = key(token);
    if (!token.atEnd()) {
      throw new CtlFailure("%s: trailing garbage \"%s\" in argument", text, token.rest());
    }
    return new ColumnTerm(column, key, null, null);
  }

  /** Reads {@code COLUMN[:KEY]=VALUE}. */
  static ColumnTerm assignment(String text, TableSchema table, Names names) {
    return read(text, table, names, ASSIGNMENT);
  }

  /** Reads {@code COLUMN[:KEY]} with a {@link Relation} and a value. */
  static ColumnTerm condition(String text, TableSchema table, Names names) {
    return read(text, table, names, Relation.texts());
  }

  /** The column of any of these, before the rest is looked at. */
  static ColumnSchema column(String text, TableSchema table, Names names) {
    return column(text, new Token(text), table, names);
  }

  private static ColumnTerm read(
      String text, TableSchema table, Names names, List<String> operators) {
    Token token = new Token(text);
    ColumnSchema column = column(text, token, table, names);
    String key = key(token);
    String rest = token.rest();
    String operator = longest(rest, operators);
    if (operator == null) {
      throw new CtlFailure(
          "%s: argument does not end in %s followed by a value.", text, listed(operators));
    }
    return new ColumnTerm(column, key, operator, rest.substring(operator.length()));
  }

  private static ColumnSchema column(String text, Token token, TableSchema table, Names names) {
    String name = token.next();
    if (name.isEmpty()) {
      throw new CtlFailure("%s: missing column name", text);
    }
    return names.column(table, name);
  }

  private static String key(Token token) {
    return token.skip(':') ? token.next() : null;
  }

  /** The longest operator that {@code text} begins with and that leaves something for a value. */
  private static String longest(String text, List<String> operators) {
    String best = null;
    for (String operator : operators) {
      boolean fits = text.startsWith(operator) && text.length() > operator.length();
      if (fits && (best == null || operator.length() > best.length())) {
        best = operator;
      }
    }
    return best;
  }

  private static String listed(List<String> operators) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < operators.size(); i++) {
      out.append(i == 0 ? "" : i == operators.size() - 1 ? ", or " : ", ");
      out.append('"').append(operators.get(i)).append('"');
    }
    return out.toString();
  }
}
