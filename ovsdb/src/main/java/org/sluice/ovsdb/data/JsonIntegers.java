package org.sluice.ovsdb.data;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Which JSON numbers count as integers: those without fraction that fit 64 bits, however spelled
 * ({@code 1.0} and {@code 1e3} do). Stateless.
 */
final class JsonIntegers {
  private JsonIntegers() {}

  static boolean isInteger(JsonNode json) {
    if (json.isIntegralNumber()) {
      return json.canConvertToLong();
    }
    if (!json.isNumber()) {
      return false;
    }
    double value = json.doubleValue();
    return value == Math.rint(value) && Math.abs(value) < 0x1p63;
  }
}
