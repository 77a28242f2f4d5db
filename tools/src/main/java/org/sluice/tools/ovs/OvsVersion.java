package org.sluice.tools.ovs;

/** The Open vSwitch whose behaviour and formats Sluice has. */
public final class OvsVersion {
  /** As versions are shown. */
  public static final String TEXT = "4.0.90";

  private OvsVersion() {}
}
