package org.sluice.openflow.codec;

import java.util.EnumSet;
import java.util.Set;
import org.sluice.openflow.message.OfVersion;

/**
 * A form that flow mods can have on a connection: one per version, but four for 1.0, whose flow
 * mods may be Nicira's and may carry a table number. Where several serve, the first is used.
 */
public enum FlowFormat {
  OF10("OpenFlow10-table_id", new Dialect(OfVersion.OF10, false, false)),
  OF10_TABLES("OpenFlow10+table_id", new Dialect(OfVersion.OF10, false, true)),
  NXM("NXM-table_id", new Dialect(OfVersion.OF10, true, false)),
  NXM_TABLES("NXM+table_id", new Dialect(OfVersion.OF10, true, true)),
  OF11("OpenFlow11", Dialect.of(OfVersion.OF11)),
  OF12("OXM-OpenFlow12", Dialect.of(OfVersion.OF12)),
  OF13("OXM-OpenFlow13", Dialect.of(OfVersion.OF13)),
  OF14("OXM-OpenFlow14", Dialect.of(OfVersion.OF14)),
  OF15("OXM-OpenFlow15", Dialect.of(OfVersion.OF15));

  private static final FlowFormat[] VALUES = values();

  /** Sets with a name of their own. */
  private enum Group {
    ANY("any", EnumSet.allOf(FlowFormat.class)),
    STANDARD10("OpenFlow10", EnumSet.of(OF10, OF10_TABLES)),
    NICIRA("NXM", EnumSet.of(NXM, NXM_TABLES)),
    OXM("OXM", EnumSet.range(OF12, OF15));

    private static final Group[] VALUES = values();

    private final String text;
    private final Set<FlowFormat> members;

    Group(String text, Set<FlowFormat> members) {
      this.text = text;
      this.members = members;
    }
  }

  private final String text;
  private final Dialect dialect;

  FlowFormat(String text, Dialect dialect) {
    this.text = text;
    this.dialect = dialect;
  }

  /** As options and messages name it. */
  public String text() {
    return text;
  }

  /** What a connection that uses it has agreed on. */
  public Dialect dialect() {
    return dialect;
  }

  /** The version it belongs to. */
  public OfVersion version() {
    return dialect.version();
  }

  /** Whether flow mods say which table they are for. */
  public boolean hasTables() {
    return dialect.tableId() || version().isAtLeast(OfVersion.OF11);
  }

  /** The same but for whether table numbers are carried; what has no choice stays as it is. */
  public FlowFormat withTables(boolean tables) {
    return switch (this) {
      case OF10, OF10_TABLES -> tables ? OF10_TABLES : OF10;
      case NXM, NXM_TABLES -> tables ? NXM_TABLES : NXM;
      default -> this;
    };
  }

  /** What a new connection of {@code version} uses. */
  public static FlowFormat initial(OfVersion version) {
    return version == OfVersion.OF10 ? OF10 : VALUES[version.ordinal() + 3];
  }

  /** The formats of {@code version} and all later ones. */
  public static EnumSet<FlowFormat> since(OfVersion version) {
    return EnumSet.range(initial(version), OF15);
  }

  /** All formats of some versions. */
  public static EnumSet<FlowFormat> of(Set<OfVersion> versions) {
    EnumSet<FlowFormat> formats = EnumSet.allOf(FlowFormat.class);
    formats.removeIf(format -> !versions.contains(format.version()));
    return formats;
  }

  /** The formats that {@code name} means, which may be one or a group; empty if it means none. */
  public static Set<FlowFormat> named(String name) {
    for (Group group : Group.VALUES) {
      if (group.text.equalsIgnoreCase(name)) {
        return group.members;
      }
    }
    for (FlowFormat format : VALUES) {
      if (format.text.equalsIgnoreCase(name)) {
        return EnumSet.of(format);
      }
    }
    return EnumSet.noneOf(FlowFormat.class);
  }

  /** A set in as few names as there are. */
  public static String describe(Set<FlowFormat> formats) {
    if (formats.isEmpty()) {
      return "none";
    }
    EnumSet<FlowFormat> left = EnumSet.copyOf(formats);
    StringBuilder out = new StringBuilder();
    while (!left.isEmpty()) {
      out.append(out.isEmpty() ? "" : ",").append(takeName(left));
    }
    return out.toString();
  }

  private static String takeName(EnumSet<FlowFormat> left) {
    for (Group group : Group.VALUES) {
      if (left.containsAll(group.members)) {
        left.removeAll(group.members);
        return group.text;
      }
    }
    FlowFormat first = left.iterator().next();
    left.remove(first);
    return first.text;
  }
}
