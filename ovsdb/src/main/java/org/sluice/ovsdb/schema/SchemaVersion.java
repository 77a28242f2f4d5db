package org.sluice.ovsdb.schema;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A schema's version, {@code x.y.z}. Immutable. */
public record SchemaVersion(long x, long y, long z) implements Comparable<SchemaVersion> {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,10})\\.([0-9]{1,10})\\.([0-9]{1,10})");
  private static final Comparator<SchemaVersion> ORDER =
      Comparator.comparingLong(SchemaVersion::x)
          .thenComparingLong(SchemaVersion::y)
          .thenComparingLong(SchemaVersion::z);

  /** The version that {@code text} spells, or null. */
  public static SchemaVersion parse(String text) {
    Matcher matcher = FORM.matcher(text);
    return matcher.matches()
        ? new SchemaVersion(number(matcher, 1), number(matcher, 2), number(matcher, 3))
        : null;
  }

  private static long number(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }

  @Override
  public int compareTo(SchemaVersion other) {
    return ORDER.compare(this, other);
  }
}
