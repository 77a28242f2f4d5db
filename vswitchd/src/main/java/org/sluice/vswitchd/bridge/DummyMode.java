package org.sluice.vswitchd.bridge;

/** Which devices are made of nothing, for tests: {@code --enable-dummy}. */
public enum DummyMode {
  /** None. */
  OFF("netdev@ovs-netdev"),
  /** The types {@code dummy}, {@code dummy-internal} and {@code dummy-pmd}. */
  TYPES("dummy@ovs-dummy"),
  /** Those, and the types {@code system} and {@code internal} mean them too. */
  SYSTEM("system@ovs-system"),
  /** Every type but {@code patch} means one. */
  OVERRIDE("dummy@ovs-dummy");

  private final String datapathName;

  DummyMode(String datapathName) {
    this.datapathName = datapathName;
  }

  /** What the datapath is called. */
  public String datapathName() {
    return datapathName;
  }

  /** Reads the option's value, null for none; null where it makes no sense. */
  public static DummyMode parse(String value) {
    return switch (value == null ? "" : value) {
      case "" -> TYPES;
      case "system" -> SYSTEM;
      case "override" -> OVERRIDE;
      default -> null;
    };
  }
}
