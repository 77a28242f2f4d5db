package org.sluice.tools.table;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Times as the database tools print them: UTC, to the millisecond. Stateless. */
public final class UtcTime {
  private UtcTime() {}

  /** {@code 2026-01-31 23:59:59.123}. */
  public static String format(long wallMs) {
    LocalDateTime time = LocalDateTime.ofInstant(Instant.ofEpochMilli(wallMs), ZoneOffset.UTC);
    return "%04d-%02d-%02d %02d:%02d:%02d.%03d"
        .formatted(
            time.getYear(),
            time.getMonthValue(),
            time.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond(),
            time.getNano() / 1_000_000);
  }
}
