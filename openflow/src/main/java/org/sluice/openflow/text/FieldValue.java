package org.sluice.openflow.text;

import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;

/** A field's value and mask, 128 bits each. */
record FieldValue(long high, long low, long maskHigh, long maskLow) {
  /** All bits of {@code field} matter. */
  static FieldValue exact(Field field, long high, long low) {
    FieldSlice all = FieldSlice.all(field);
    return new FieldValue(high, low, all.maskHigh(), all.maskLow());
  }

  boolean isWild() {
    return (maskHigh | maskLow) == 0;
  }

  boolean isExact(Field field) {
    FieldSlice all = FieldSlice.all(field);
    return (maskHigh & all.maskHigh()) == all.maskHigh()
        && (maskLow & all.maskLow()) == all.maskLow();
  }
}
