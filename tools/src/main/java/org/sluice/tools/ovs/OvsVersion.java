package org.sluice.tools.ovs;

/** The Open vSwitch whose behaviour and formats Sluice has. */
public final class OvsVersion {
  /** As versions are shown. */
  public static final String TEXT = "4.0.90";

  private OvsVersion() {}

  /** What {@code --version} prints. */
  public static String banner(String program) {
    return program + " (Open vSwitch) " + TEXT + "\n";
  }
}
