package org.sluice.tools.ofctl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.message.CtFlush;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.NiciraMessage.TlvCommand;
import org.sluice.openflow.message.NiciraMessage.TlvMapping;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.SwitchConfig;
import org.sluice.openflow.message.OfMessage.TableMod;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.text.CtFlushText;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** Commands that configure a switch, its ports and tables, and its connection tracker. */
final class ConfigCommands {
  private static final Set<OfVersion> WITH_MISS = EnumSet.of(OfVersion.OF11, OfVersion.OF12);
  private static final Set<OfVersion> WITH_DESCRIPTIONS =
      EnumSet.of(OfVersion.OF14, OfVersion.OF15);
  private static final Set<OfVersion> WITH_NAMES = EnumSet.range(OfVersion.OF13, OfVersion.OF15);
  private static final int LAST_TABLE = 0xfe;
  private static final List<String> FRAGMENTS = List.of("normal", "drop", "reassemble", "nx-match");
  private static final Pattern VACANCY = Pattern.compile("vacancy:(\\d{1,3}),(\\d{1,3})");
  private static final Pattern TLV =
      Pattern.compile(
          ",?\\{class=(0x[0-9a-fA-F]+|\\d+),type=(0x[0-9a-fA-F]+|\\d+),"
              + "len=(0x[0-9a-fA-F]+|\\d+)\\}->tun_metadata(\\d{1,5})");

  /** A port's config bit, and whether the word sets it. */
  private record Flag(int bit, boolean on) {}

  private static final Map<String, Flag> PORT_FLAGS =
      Map.of(
          "up", new Flag(PortDescription.Config.DOWN, false),
          "down", new Flag(PortDescription.Config.DOWN, true),
          "stp", new Flag(PortDescription.Config.NO_STP, false),
          "receive", new Flag(PortDescription.Config.NO_RECV, false),
          "receive-stp", new Flag(PortDescription.Config.NO_RECV_STP, false),
          "flood", new Flag(PortDescription.Config.NO_FLOOD, false),
          "forward", new Flag(PortDescription.Config.NO_FORWARD, false),
          "packet-in", new Flag(PortDescription.Config.NO_PACKET_IN, false));

  private final OfctlOptions options;
  private final Switches switches;
  private final Exchange exchange;

  ConfigCommands(OfctlOptions options, Switches switches, Exchange exchange) {
    this.options = options;
    this.switches = switches;
    this.exchange = exchange;
  }

  List<OfctlCommand> all() {
    return List.of(
        OfctlCommand.writing("mod-port", "switch iface act", 3, 3, this::modPort),
        OfctlCommand.writing("mod-table", "switch mod", 3, 3, this::modTable),
        OfctlCommand.writing("set-frags", "switch frag_mode", 2, 2, this::setFragments),
        OfctlCommand.writing("ct-flush-zone", "switch zone", 2, 2, this::flushZone),
        OfctlCommand.writing(
            "ct-flush",
            "switch [zone=N] [mark=X[/M]] [labels=Y[/N]] [ct-orig-tuple [ct-reply-tuple]]",
            1,
            6,
            this::flush),
        OfctlCommand.reading(
            "add-tlv-map", "switch map", 2, 2, words -> modTlv(words, TlvCommand.ADD)),
        OfctlCommand.reading(
            "del-tlv-map",
            "switch [map]",
            1,
            2,
            words -> modTlv(words, words.size() > 1 ? TlvCommand.DELETE : TlvCommand.CLEAR)));
  }

  // Ports.

  private void modPort(List<String> words) throws IOException {
    String name = words.getFirst();
    PortDescription port = findPort(name, words.get(1));
    String word = words.get(2).toLowerCase(Locale.ROOT);
    boolean not = word.startsWith("no");
    String plain = not ? word.substring(word.startsWith("no-") ? 3 : 2) : word;
    Flag flag = PORT_FLAGS.get(plain);
    if (flag == null) {
      throw new OfctlException("unknown mod-port command '" + words.get(2) + "'");
    }
    int config = flag.on() ^ not ? flag.bit() : 0;
    OfMessage mod = new OfMessage.PortMod(port.number(), port.mac(), config, flag.bit(), 0);
    try (SwitchSession session = switches.open(name)) {
      exchange.require(session, mod, switches.shown(name));
    }
  }

  private PortDescription findPort(String name, String text) throws IOException {
    long number = text.matches("[0-9]{1,10}") ? Long.parseLong(text) : -1;
    try (SwitchSession session = switches.open(name)) {
      for (PortDescription port : Switches.ports(session)) {
        if (number < 0 ? port.name().equals(text) : port.number() == number) {
          return port;
        }
      }
    }
    throw new OfctlException(name + ": couldn't find port `" + text + "'");
  }

  // Tables.

  private void modTable(List<String> words) throws IOException {
    String name = words.getFirst();
    int table = table(name, words.get(1));
    String setting = words.get(2);
    if (setting.startsWith("name:") && table != FlowMod.ANY_TABLE) {
      switches.learnTables(name);
      try (SwitchSession session = openWith(name, setting, WITH_NAMES)) {
        rename(session, table, setting.substring("name:".length()));
      }
      return;
    }
    TableMod mod = tableMod(table, setting);
    if (table == LAST_TABLE && mod.miss() == TableMod.Miss.CONTINUE) {
      throw new OfctlException("last table's flow miss handling can not be continue");
    }
    boolean miss = mod.miss() != TableMod.Miss.UNSPECIFIED;
    try (SwitchSession session = openWith(name, setting, miss ? WITH_MISS : WITH_DESCRIPTIONS)) {
      for (TableMod each : miss ? List.of(mod) : completed(session, mod)) {
        exchange.require(session, each, switches.shown(name));
      }
    }
  }

  private int table(String name, String text) {
    if (text.equalsIgnoreCase("all")) {
      return FlowMod.ANY_TABLE;
    }
    int table = switches.accepted(name).table(text);
    if (table < 0) {
      throw new OfctlException("unknown table \"" + text + "\"");
    }
    return table;
  }

  private static TableMod tableMod(int table, String setting) {
    TableMod.Eviction eviction = TableMod.Eviction.UNSPECIFIED;
    TableMod.Vacancy vacancy = TableMod.Vacancy.UNSPECIFIED;
    TableMod.Miss miss = TableMod.Miss.UNSPECIFIED;
    switch (setting) {
      case "controller" -> miss = TableMod.Miss.CONTROLLER;
      case "continue" -> miss = TableMod.Miss.CONTINUE;
      case "drop" -> miss = TableMod.Miss.DROP;
      case "evict" -> eviction = new TableMod.Eviction(true, -1);
      case "noevict" -> eviction = new TableMod.Eviction(false, -1);
      case "novacancy" -> vacancy = new TableMod.Vacancy(false, 0, 0, 0);
      default -> vacancy = vacancy(setting);
    }
    return new TableMod(table, miss, eviction, vacancy);
  }

  private static TableMod.Vacancy vacancy(String setting) {
    if (!setting.startsWith("vacancy")) {
      throw new OfctlException("invalid table_mod setting " + setting);
    }
    Matcher matcher = VACANCY.matcher(setting);
    if (!matcher.matches()) {
      throw new OfctlException("\"vacancy\" missing value");
    }
    int down = Integer.parseInt(matcher.group(1));
    int up = Integer.parseInt(matcher.group(2));
    if (down > 100 || up > 100) {
      throw new OfctlException("Invalid vacancy threshold, should be 0 to 100");
    }
    if (down > up) {
      throw new OfctlException("Invalid vacancy range, vacancy up should be greater than down");
    }
    return new TableMod.Vacancy(true, down, up, 0);
  }

  private SwitchSession openWith(String name, String setting, Set<OfVersion> usable)
      throws IOException {
    EnumSet<OfVersion> both = options.versions();
    both.retainAll(usable);
    if (both.isEmpty()) {
      throw new OfctlException(
          "table_mod '"
              + setting
              + "' requires one of the OpenFlow versions "
              + OfctlOptions.describe(usable));
    }
    return switches.open(name, both);
  }

  /** What was not asked to change stays as the switch says it is. */
  private static List<TableMod> completed(SwitchSession session, TableMod mod) throws IOException {
    List<TableMod> now = new ArrayList<>();
    session.transactMultipart(
        new Multipart.TableDescriptionRequest(),
        bytes -> {
          Inspected reply = OfDecoder.inspect(bytes);
          if (reply.message() instanceof Multipart.TableDescriptionReply part) {
            now.addAll(part.tables());
          }
        });
    return now.stream()
        .filter(table -> mod.table() == FlowMod.ANY_TABLE || mod.table() == table.table())
        .map(table -> completed(mod, table))
        .toList();
  }

  private static TableMod completed(TableMod mod, TableMod now) {
    boolean evicts = mod.eviction().enabled() != null;
    return new TableMod(
        now.table(),
        mod.miss(),
        evicts ? mod.eviction() : now.eviction(),
        evicts ? now.vacancy() : mod.vacancy());
  }

  private void rename(SwitchSession session, int table, String wanted) throws IOException {
    List<TableFeatures> changed = new ArrayList<>();
    for (TableFeatures features : Switches.tables(session)) {
      boolean target = features.table() == table;
      if (session.version().isBefore(OfVersion.OF15)) {
        changed.add(target ? features.withName(wanted) : features);
      } else if (target) {
        changed.add(features.withName(wanted).asModification());
      }
    }
    if (changed.stream().noneMatch(features -> features.table() == table)) {
      throw new OfctlException("switch does not have table " + table);
    }
    session.transactMultipart(
        new Multipart.TableFeaturesRequest(changed, false),
        reply -> {
          if (OfDecoder.inspect(reply).message() instanceof OfMessage.ErrorReport) {
            throw new RefusedException(exchange.print(reply, Names.NONE, 1));
          }
        });
  }

  // Fragments.

  static String fragments(SwitchConfig config) {
    return FRAGMENTS.get(config.flags() & SwitchConfig.FRAGMENTS_MASK);
  }

  private void setFragments(List<String> words) throws IOException {
    String name = words.getFirst();
    int wanted = FRAGMENTS.indexOf(words.get(1));
    if (wanted < 0) {
      throw new OfctlException(words.get(1) + ": unknown fragment handling mode");
    }
    try (SwitchSession session = switches.open(name)) {
      SwitchConfig now = exchange.config(session);
      if ((now.flags() & SwitchConfig.FRAGMENTS_MASK) == wanted) {
        return;
      }
      int flags = (now.flags() & ~SwitchConfig.FRAGMENTS_MASK) | wanted;
      OfMessage set = new OfMessage.SetConfig(new SwitchConfig(flags, now.missSendLength()));
      exchange.require(session, set, switches.shown(name));
      if ((exchange.config(session).flags() & SwitchConfig.FRAGMENTS_MASK) != wanted) {
        throw new OfctlException(
            "%s: setting fragment handling mode failed (this switch probably doesn't support mode"
                    .formatted(name)
                + " \""
                + words.get(1)
                + "\")");
      }
    }
  }

  // Connections.

  private void flushZone(List<String> words) throws IOException {
    int zone = LooseNumbers.unsigned16(words.get(1), "zone_id");
    send(words.getFirst(), new NiciraMessage.CtFlushZone(zone));
  }

  private void flush(List<String> words) throws IOException {
    CtFlush match;
    try {
      match = CtFlushText.parse(words.subList(1, words.size()));
    } catch (OfSyntaxException e) {
      throw new OfctlException("Failed to parse CT match: " + e.getMessage());
    }
    send(words.getFirst(), new NiciraMessage.CtFlushMatch(match));
  }

  private void send(String name, OfMessage message) throws IOException {
    try (SwitchSession session = switches.open(name)) {
      exchange.require(session, message, switches.shown(name));
    }
  }

  // Tunnel options.

  private void modTlv(List<String> words, TlvCommand command) throws IOException {
    String name = words.getFirst();
    List<TlvMapping> mappings = words.size() > 1 ? tlvMappings(words.get(1)) : List.of();
    EnumSet<FlowFormat> usable = EnumSet.of(FlowFormat.NXM, FlowFormat.NXM_TABLES);
    usable.addAll(FlowFormat.since(OfVersion.OF12));
    try (SwitchSession session = switches.openFor(name, usable)) {
      exchange.require(
          session, new NiciraMessage.TlvTableMod(command, mappings), switches.shown(name));
    }
  }

  private static List<TlvMapping> tlvMappings(String text) {
    List<TlvMapping> mappings = new ArrayList<>();
    Matcher matcher = TLV.matcher(text);
    int at = 0;
    while (at < text.length()) {
      if (!matcher.region(at, text.length()).lookingAt()) {
        throw new OfctlException("invalid tlv mapping");
      }
      mappings.add(
          new TlvMapping(
              (int) LooseNumbers.anyBase(matcher.group(1)) & 0xffff,
              (int) LooseNumbers.anyBase(matcher.group(2)) & 0xff,
              (int) LooseNumbers.anyBase(matcher.group(3)) & 0xff,
              Integer.parseInt(matcher.group(4)) & 0xffff));
      at = matcher.end();
    }
    return mappings;
  }
}
