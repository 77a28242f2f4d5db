package org.sluice.tools.ofctl;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.sluice.base.stream.TlsSettings;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.text.Colors;
import org.sluice.openflow.text.Names;
import org.sluice.tools.options.OptionTable;
import org.sluice.tools.options.TlsOptions;

/**
 * What the options of {@code ovs-ofctl} say. Filled while they are read, by the thread that starts
 * the program.
 */
final class OfctlOptions {
  /** Versions in which bundles exist. */
  private static final Set<OfVersion> WITH_BUNDLES = EnumSet.range(OfVersion.OF13, OfVersion.OF15);

  private final TlsOptions tlsOptions = new TlsOptions();
  private final List<SortCriterion> criteria = new ArrayList<>();
  private EnumSet<OfVersion> versions = EnumSet.of(OfVersion.OF10);
  private EnumSet<FlowFormat> formats = EnumSet.allOf(FlowFormat.class);
  private PacketIn.Format packetInFormat;
  private String unixctl;
  private Boolean names;
  private int verbosity;
  private long timeoutSeconds;
  private boolean bundle;
  private Colors colors = Colors.NONE;
  private boolean strict;
  private boolean readOnly;
  private boolean readd;
  private boolean mayCreate;
  private boolean timestamp;
  private boolean stats = true;
  private boolean pcap;
  private boolean bare;
  private boolean badChecksum;
  private boolean raw;
  private boolean hasPidfile;
  private boolean overwritesPidfile;
  private String pidfile;

  /** Adds them. */
  void addTo(OptionTable table) {
    table
        .value("timeout", 't', this::setTimeout)
        .flag("strict", () -> strict = true)
        .flag("readd", () -> readd = true)
        .value("flow-format", 'F', this::setFormats)
        .value("packet-in-format", 'P', this::setPacketInFormat)
        .flag("more", 'm', () -> verbosity++)
        .flag("timestamp", () -> timestamp = true)
        .optionalValue("sort", field -> criteria.add(SortCriterion.of(field, false)))
        .optionalValue("rsort", field -> criteria.add(SortCriterion.of(field, true)))
        .flag("names", () -> names = true)
        .flag("no-names", () -> names = false)
        .flag("stats", () -> stats = true)
        .flag("no-stats", () -> stats = false)
        .value("unixctl", value -> unixctl = value)
        .flag("bundle", () -> bundle = true)
        .optionalValue("color", this::setColor)
        .flag("may-create", () -> mayCreate = true)
        .flag("pcap", () -> pcap = true)
        .flag("bare", () -> bare = true)
        .flag("bad-csum", () -> badChecksum = true)
        .flag("raw", () -> raw = true)
        .flag("read-only", () -> readOnly = true)
        .value("protocols", 'O', this::setVersions)
        .group(this::addDaemonOptions);
  }

  /** The launcher sees to detaching; it and the rest of these have no meaning in here. */
  private void addDaemonOptions(OptionTable table) {
    table
        .flag("detach", () -> {})
        .flag("no-chdir", () -> {})
        .flag("monitor", () -> {})
        .flag("no-self-confinement", () -> {})
        .flag("overwrite-pidfile", () -> overwritesPidfile = true)
        .optionalValue("pidfile", this::setPidfile)
        .group(tlsOptions::addTo);
  }

  private void setPidfile(String file) {
    hasPidfile = true;
    pidfile = file;
  }

  private void setTimeout(String text) {
    timeoutSeconds = text.matches("[0-9]{1,9}") ? Long.parseLong(text) : 0;
    if (timeoutSeconds == 0) {
      throw new OfctlException("value " + text + " on -t or --timeout is invalid");
    }
  }

  private void setFormats(String text) {
    formats = EnumSet.noneOf(FlowFormat.class);
    for (String name : text.split(",", -1)) {
      Set<FlowFormat> named = FlowFormat.named(name);
      if (named.isEmpty() && !name.isEmpty()) {
        throw new OfctlException(name + ": unknown flow protocol");
      }
      formats.addAll(named);
    }
    if (formats.isEmpty()) {
      throw new OfctlException(text + ": no flow protocol specified");
    }
  }

  private void setPacketInFormat(String text) {
    packetInFormat = PacketIn.Format.byName(text);
    if (packetInFormat == null) {
      throw new OfctlException("unknown packet-in format `" + text + "'");
    }
  }

  private void setColor(String when) {
    boolean wanted =
        switch (when == null ? "auto" : when.toLowerCase(Locale.ROOT)) {
          case "always", "yes", "force" -> true;
          case "never", "no", "none" -> false;
          case "auto", "tty", "if-tty" -> isTerminal();
          default -> throw new OfctlException("incorrect value `" + when + "' for --color");
        };
    colors = wanted ? Colors.of(System.getenv("OVS_COLORS")) : Colors.NONE;
  }

  private static boolean isTerminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private void setVersions(String text) {
    versions = EnumSet.noneOf(OfVersion.class);
    for (String name : text.split("[ ,]+", -1)) {
      if (name.isEmpty()) {
        continue;
      }
      OfVersion version = OfVersion.byName(name);
      if (version == null || !Character.isLetter(name.charAt(0))) {
        throw new OfctlException("Unknown OpenFlow version: \"" + name + '"');
      }
      versions.add(version);
    }
  }

  /** Makes versions, formats and sort orders agree once all options are read. */
  void settle() {
    if (!criteria.isEmpty()) {
      criteria.add(SortCriterion.of(null, true));
    }
    if (bundle) {
      versions.retainAll(WITH_BUNDLES);
      if (versions.isEmpty()) {
        versions.add(OfVersion.OF14);
      }
    }
    EnumSet<FlowFormat> supported = EnumSet.copyOf(formats);
    supported.retainAll(FlowFormat.of(versions));
    if (supported.isEmpty()) {
      throw new OfctlException(
          "None of the enabled OpenFlow versions ("
              + describe(versions)
              + ") supports any of the enabled flow formats ("
              + FlowFormat.describe(formats)
              + ").  (Use -O to enable additional OpenFlow versions or -F to enable additional "
              + "flow formats.)");
    }
    formats = supported;
    versions.removeIf(version -> formats.stream().noneMatch(f -> f.version() == version));
  }

  /** If no version has bundles, 1.4 is added; then those without are left out. */
  void requireBundles() {
    versions.retainAll(WITH_BUNDLES);
    if (versions.isEmpty()) {
      versions.add(OfVersion.OF14);
      formats = FlowFormat.of(versions);
    }
  }

  static String describe(Set<OfVersion> versions) {
    return String.join(", ", versions.stream().map(OfVersion::text).toList());
  }

  EnumSet<OfVersion> versions() {
    return versions.clone();
  }

  EnumSet<FlowFormat> formats() {
    return formats.clone();
  }

  List<SortCriterion> criteria() {
    return criteria;
  }

  /** What packets are to come in; null for whatever the switch likes. */
  PacketIn.Format packetInFormat() {
    return packetInFormat;
  }

  /** The control socket of long commands; null for the default one. */
  String unixctl() {
    return unixctl;
  }

  /** Whether names of ports and tables are taken. */
  boolean takesNames() {
    return names == null || names;
  }

  /** Whether names of ports and tables are shown: on a terminal, if nothing was said. */
  boolean showsNames() {
    return names == null ? isTerminal() : names;
  }

  int verbosity() {
    return verbosity;
  }

  /** What was said about TLS. */
  TlsSettings tls() {
    return tlsOptions.settings(UnaryOperator.identity());
  }

  /** 0 for no limit. */
  long timeoutSeconds() {
    return timeoutSeconds;
  }

  boolean bundle() {
    return bundle;
  }

  /** What shows nothing by name, in the wanted colours. */
  Names numbers() {
    return Names.NONE.withColors(colors);
  }

  /** What words are shown in. */
  Colors colors() {
    return colors;
  }

  boolean strict() {
    return strict;
  }

  boolean readOnly() {
    return readOnly;
  }

  boolean readd() {
    return readd;
  }

  boolean mayCreate() {
    return mayCreate;
  }

  boolean timestamp() {
    return timestamp;
  }

  boolean stats() {
    return stats;
  }

  boolean pcap() {
    return pcap;
  }

  boolean bare() {
    return bare;
  }

  boolean badChecksum() {
    return badChecksum;
  }

  boolean hasPidfile() {
    return hasPidfile;
  }

  boolean overwritesPidfile() {
    return overwritesPidfile;
  }

  /** Where the pidfile is; null for the usual place. */
  String pidfile() {
    return pidfile;
  }

  /** Shows numbers from now on, as where there is nobody to ask for names. */
  void hideNames() {
    names = false;
  }

  boolean raw() {
    return raw;
  }
}
