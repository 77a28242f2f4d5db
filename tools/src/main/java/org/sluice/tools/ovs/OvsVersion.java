package org.sluice.tools.ovs;

/** The Open vSwitch whose behaviour and formats Sluice has. */
final class OvsVersion {
  static final String TEXT = "4.0.90";

  private OvsVersion() {}
}
