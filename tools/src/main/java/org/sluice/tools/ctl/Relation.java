package org.sluice.tools.ctl;

import java.util.Arrays;
import java.util.List;
import org.sluice.ovsdb.data.Datum;

/** How {@code find} and {@code wait-until} compare a column with a value. */
enum Relation {
  EQUAL("="),
  DIFFERENT("!="),
  LESS("<"),
  GREATER(">"),
  AT_MOST("<="),
  AT_LEAST(">="),
  SET_EQUAL("{=}"),
  SET_DIFFERENT("{!=}"),
  SET_LESS("{<}"),
  SET_GREATER("{>}"),
  SET_AT_MOST("{<=}"),
  SET_AT_LEAST("{>=}"),
  SET_IN("{in}"),
  SET_NOT_IN("{not-in}");

  private final String text;

  Relation(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  static List<String> texts() {
    return Arrays.stream(values()).map(Relation::text).toList();
  }

  static Relation of(String text) {
    return Arrays.stream(values()).filter(each -> each.text.equals(text)).findFirst().orElseThrow();
  }

  /** Whether a missing key counts as an empty set rather than as never true. */
  boolean comparesSets() {
    return text.startsWith("{");
  }

  /** Whether {@code have} stands in this relation to {@code want}. */
  boolean holds(Datum have, Datum want) {
    return switch (this) {
      case EQUAL, SET_EQUAL -> have.compareTo(want) == 0;
      case DIFFERENT, SET_DIFFERENT -> have.compareTo(want) != 0;
      case LESS -> have.compareTo(want) < 0;
      case GREATER -> have.compareTo(want) > 0;
      case AT_MOST -> have.compareTo(want) <= 0;
      case AT_LEAST -> have.compareTo(want) >= 0;
      case SET_LESS -> have.size() < want.size() && have.isIncludedIn(want);
      case SET_GREATER -> have.size() > want.size() && want.isIncludedIn(have);
      case SET_AT_MOST, SET_IN -> have.isIncludedIn(want);
      case SET_AT_LEAST -> want.isIncludedIn(have);
      case SET_NOT_IN -> have.isExcludedFrom(want);
    };
  }
}
