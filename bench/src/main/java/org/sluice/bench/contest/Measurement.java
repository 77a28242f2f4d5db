package org.sluice.bench.contest;

/** Something that a trial measures; the constants of an enumeration. */
public interface Measurement {
  /** What JSON calls it, in capitals. */
  String name();

  /** What the table calls it. */
  String title();

  String unit();

  /** Whether the better one of two has more of it. */
  boolean moreIsBetter();

  /** How many times better ours is. */
  default double ratio(double theirs, double ours) {
    return moreIsBetter() ? ours / theirs : theirs / ours;
  }
}
