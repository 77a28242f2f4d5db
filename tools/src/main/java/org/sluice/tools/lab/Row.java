package org.sluice.tools.lab;

/**
 * One cell of the result: what a probe came to under a policy.
 *
 * @param reason the cookies of the rules that decided, or the reason of the drop
 */
record Row(Policy policy, Probe probe, Verdict got, String reason) {
  Verdict expected() {
    return probe.expected(policy);
  }

  /** Whether the switch did what this kind of firewall does. */
  boolean ok() {
    return got == expected();
  }
}
