package org.sluice.tools.ofctl;

import java.util.Locale;
import org.sluice.datapath.flow.Field;

/**
 * What flows are sorted by.
 *
 * @param field null for the priority
 */
record SortCriterion(Field field, boolean descending) {
  static SortCriterion of(String name, boolean descending) {
    if (name == null || name.toLowerCase(Locale.ROOT).equals("priority")) {
      return new SortCriterion(null, descending);
    }
    Field field = Field.byName(name);
    if (field == null) {
      throw new OfctlException(name + ": unknown field name");
    }
    return new SortCriterion(field, descending);
  }
}
