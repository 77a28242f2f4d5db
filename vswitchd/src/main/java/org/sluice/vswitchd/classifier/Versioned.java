package org.sluice.vswitchd.classifier;

/**
 * Something that is in a table from one version on until another; see {@link TableVersions}. Begun
 * and ended by the table that holds it, under the writer lock; any thread may ask.
 */
public abstract class Versioned {
  private static final long NEVER = Long.MAX_VALUE;

  private volatile long since = NEVER;
  private volatile long until = NEVER;

  /** Whether it is in its table in {@code version}. */
  public final boolean isIn(long version) {
    return since <= version && version < until;
  }

  /** Whether it has left its table for good or another took its place. */
  public final boolean isRemoved() {
    return until != NEVER;
  }

  /** Whether no version from {@code version} on has it, or none ever had. */
  final boolean isOver(long version) {
    return until <= version || until <= since;
  }

  /** It is there from {@code version} on. */
  public final void begin(long version) {
    since = version;
    until = NEVER;
  }

  /** It is there no more from {@code version} on. */
  public final void end(long version) {
    until = version;
  }

  /** Takes {@link #end} back. */
  public final void restore() {
    until = NEVER;
  }
}
