package org.sluice.tools.ofctl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.text.ActionParser;
import org.sluice.openflow.text.FlowFile;
import org.sluice.openflow.text.GroupParser;
import org.sluice.openflow.text.MeterParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.openflow.text.PacketOutParser;
import org.sluice.openflow.text.Parsed;

/** Commands that change groups and meters, send packets, and send bundles of all kinds. */
final class GroupCommands {
  private static final int ETHERNET_BYTES = 14;

  private final OfctlOptions options;
  private final Switches switches;
  private final Exchange exchange;
  private final BundleSender bundles;

  GroupCommands(OfctlOptions options, Switches switches, Exchange exchange) {
    this.options = options;
    this.switches = switches;
    this.exchange = exchange;
    bundles = new BundleSender(exchange);
  }

  List<OfctlCommand> all() {
    return List.of(
        group("add-group", "switch group", GroupMod.Command.ADD),
        OfctlCommand.writing(
            "add-groups", "switch file", 2, 2, words -> modFile(words, GroupMod.Command.ADD)),
        OfctlCommand.writing(
            "mod-group",
            "switch group",
            1,
            2,
            words ->
                mod(
                    words,
                    options.mayCreate()
                        ? GroupMod.Command.ADD_OR_MODIFY
                        : GroupMod.Command.MODIFY)),
        group("del-groups", "switch [group]", GroupMod.Command.DELETE),
        group("insert-buckets", "switch [group]", GroupMod.Command.INSERT_BUCKET),
        group("remove-buckets", "switch [group]", GroupMod.Command.REMOVE_BUCKET),
        meter("add-meter", 2, MeterMod.Command.ADD),
        meter("mod-meter", 2, MeterMod.Command.MODIFY),
        meter("del-meter", 1, MeterMod.Command.DELETE),
        meter("del-meters", 1, MeterMod.Command.DELETE),
        OfctlCommand.writing(
            "packet-out",
            "switch \"in_port=<port> packet=<hex data> actions=...\"",
            2,
            OfctlCommand.ANY_NUMBER,
            this::packetOut),
        OfctlCommand.writing("bundle", "switch file", 2, 2, this::bundle));
  }

  private OfctlCommand group(String name, String usage, GroupMod.Command command) {
    return OfctlCommand.writing(name, usage, 1, 2, words -> mod(words, command));
  }

  private OfctlCommand meter(String name, int least, MeterMod.Command command) {
    String usage = name.equals("del-meters") ? "switch" : "switch meter";
    return OfctlCommand.writing(name, usage, least, 2, words -> modMeter(words, command));
  }

  // Groups.

  private void mod(List<String> words, GroupMod.Command command)
      throws IOException, OfSyntaxException {
    String text = words.size() > 1 ? words.get(1) : "";
    if (text.equals("-")) {
      modFile(words, command);
    } else {
      Names names = switches.accepted(words.getFirst());
      send(words.getFirst(), List.of(GroupParser.parse(command, text, names)));
    }
  }

  private void modFile(List<String> words, GroupMod.Command command)
      throws IOException, OfSyntaxException {
    Names names = switches.accepted(words.getFirst());
    send(
        words.getFirst(),
        FlowFile.readLines(
            Path.of(words.get(1)),
            line ->
                command == GroupMod.Command.ADD
                    ? GroupParser.parseLine(line, names)
                    : GroupParser.parse(command, line, names)));
  }

  private void send(String name, List<Parsed<GroupMod>> groups) throws IOException {
    EnumSet<FlowFormat> usable = EnumSet.allOf(FlowFormat.class);
    groups.forEach(group -> usable.retainAll(group.formats()));
    if (options.bundle()) {
      bundles.send(switches, name, groups.stream().map(Parsed::message).toList(), usable);
      return;
    }
    try (SwitchSession session = switches.openFor(name, usable)) {
      for (Parsed<GroupMod> group : groups) {
        requireForm(group.message(), session.version());
        exchange.require(session, group.message(), switches.shown(name));
      }
    }
  }

  /** Nicira's form for 1.0 has all of 1.5; the versions between have no word for single buckets. */
  static void requireForm(GroupMod mod, OfVersion version) {
    if (mod.command().isAboutBuckets()
        && version != OfVersion.OF10
        && version.isBefore(OfVersion.OF15)) {
      String command =
          mod.command() == GroupMod.Command.INSERT_BUCKET ? "insert-bucket" : "remove-bucket";
      throw new OfctlException(command + " needs OpenFlow 1.5 or later ('-O OpenFlow15')");
    }
  }

  // Meters.

  private void modMeter(List<String> words, MeterMod.Command command)
      throws IOException, OfSyntaxException {
    MeterMod mod =
        words.size() > 1
            ? MeterParser.parse(command, words.get(1)).message()
            : new MeterMod(command, new MeterMod.Config(MeterMod.ALL, 0, List.of()));
    sendOne(words.getFirst(), mod, FlowFormat.since(OfVersion.OF13));
  }

  private void sendOne(String name, OfMessage message, Set<FlowFormat> usable) throws IOException {
    try (SwitchSession session = switches.openFor(name, usable)) {
      exchange.require(session, message, switches.shown(name));
    }
  }

  // Packets.

  private void packetOut(List<String> words) throws IOException, OfSyntaxException {
    String name = words.getFirst();
    switch (words.size()) {
      case 2 -> {
        Parsed<PacketOut> packet = PacketOutParser.parse(words.get(1), switches.accepted(name));
        sendOne(name, packet.message(), packet.formats());
      }
      case 3 -> throw new OfctlException("Too many arguments (" + (words.size() + 1) + ")");
      default -> packetsOut(name, words);
    }
  }

  /** The old way: port, actions, packets. */
  private void packetsOut(String name, List<String> words) throws IOException, OfSyntaxException {
    Names names = switches.accepted(name);
    List<OfAction> actions = new ActionParser(names).parseActions(words.get(2));
    int port = names.port(words.get(1));
    if (port < 0) {
      throw new OfctlException(name + ": unknown port `" + words.get(1) + "'");
    }
    try (SwitchSession session = switches.openFor(name, EnumSet.allOf(FlowFormat.class))) {
      for (String digits : words.subList(3, words.size())) {
        byte[] packet = HexInput.parse(digits, "Trailing garbage in packet data");
        if (packet.length < ETHERNET_BYTES) {
          throw new OfctlException("Packet data too short for Ethernet");
        }
        PacketOut message =
            new PacketOut(
                FlowMod.NO_BUFFER,
                new MatchBuilder().exact(Field.IN_PORT, port).build(),
                actions,
                Bytes.of(packet));
        exchange.require(session, message, switches.shown(name));
      }
    }
  }

  // Bundles.

  private void bundle(List<String> words) throws IOException, OfSyntaxException {
    String name = words.getFirst();
    Names names = switches.accepted(name);
    List<? extends Parsed<?>> messages =
        FlowFile.readLines(Path.of(words.get(1)), line -> BundleLine.parse(line, names));
    EnumSet<FlowFormat> usable = EnumSet.allOf(FlowFormat.class);
    messages.forEach(message -> usable.retainAll(message.formats()));
    options.requireBundles();
    bundles.send(switches, name, messages.stream().map(Parsed::message).toList(), usable);
  }
}
