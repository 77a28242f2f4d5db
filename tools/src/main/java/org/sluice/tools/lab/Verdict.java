package org.sluice.tools.lab;

/** What became of a probe. */
enum Verdict {
  PASSED("passed"),
  BLOCKED("blocked");

  private final String text;

  Verdict(String text) {
    this.text = text;
  }

  static Verdict of(boolean passed) {
    return passed ? PASSED : BLOCKED;
  }

  @Override
  public String toString() {
    return text;
  }
}
