package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.print.MessagePrinter;
import org.sluice.openflow.text.GroupParser;
import org.sluice.openflow.text.MeterParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** Commands that ask a switch about itself, its ports, tables, queues, groups and meters. */
final class ShowCommands {
  private static final int ALL_QUEUES = 0xffff_ffff;
  private static final int MAX_PAYLOAD = 0xffff - 8;
  private static final int PINGS = 10;

  private final Switches switches;
  private final Exchange exchange;
  private final PrintStream out;

  ShowCommands(Switches switches, Exchange exchange, PrintStream out) {
    this.switches = switches;
    this.exchange = exchange;
    this.out = out;
  }

  List<OfctlCommand> all() {
    List<OfctlCommand> commands = new ArrayList<>();
    commands.addAll(ofSwitch());
    commands.addAll(ofGroupsAndMeters());
    return commands;
  }

  private List<OfctlCommand> ofSwitch() {
    return List.of(
        OfctlCommand.reading("show", "switch", 1, 1, this::show),
        plain("dump-desc", new Multipart.DescriptionRequest()),
        plain("dump-tables", new Multipart.TableStatsRequest()),
        OfctlCommand.reading("dump-table-features", "switch", 1, 1, this::dumpTableFeatures),
        OfctlCommand.reading("dump-table-desc", "switch", 1, 1, this::dumpTableDescriptions),
        OfctlCommand.reading("queue-stats", "switch [port [queue]]", 1, 3, this::queueStats),
        OfctlCommand.reading(
            "queue-get-config", "switch [port [queue]]", 1, 3, this::queueConfiguration),
        OfctlCommand.reading("dump-ports", "switch [port]", 1, 2, this::dumpPorts),
        OfctlCommand.reading("dump-ports-desc", "switch [port]", 1, 2, this::dumpPortDescriptions),
        OfctlCommand.reading("get-frags", "switch", 1, 1, this::getFragments),
        OfctlCommand.reading("probe", "target", 1, 1, this::probe),
        OfctlCommand.reading("ping", "target [n]", 1, 2, this::ping),
        OfctlCommand.reading("benchmark", "target n count", 3, 3, this::benchmark),
        plain("dump-ipfix-bridge", new Multipart.IpfixBridgeRequest()),
        plain("dump-ipfix-flow", new Multipart.IpfixFlowRequest()),
        plain("dump-tlv-map", new NiciraMessage.TlvTableRequest()));
  }

  private List<OfctlCommand> ofGroupsAndMeters() {
    return List.of(
        OfctlCommand.reading("dump-groups", "switch [group]", 1, 2, this::dumpGroups),
        OfctlCommand.reading("dump-group-stats", "switch [group]", 1, 2, this::dumpGroupStats),
        OfctlCommand.reading("dump-group-features", "switch", 1, 1, this::dumpGroupFeatures),
        OfctlCommand.reading(
            "dump-meter",
            "switch meter",
            1,
            2,
            words -> dumpMeter(words, new Multipart.MeterConfigRequest(meter(words)))),
        OfctlCommand.reading(
            "dump-meters",
            "switch",
            1,
            2,
            words -> dumpMeter(words, new Multipart.MeterConfigRequest(meter(words)))),
        OfctlCommand.reading(
            "meter-stats",
            "switch [meter]",
            1,
            2,
            words -> dumpMeter(words, new Multipart.MeterStatsRequest(meter(words)))),
        OfctlCommand.reading(
            "meter-features",
            "switch",
            1,
            1,
            words -> dumpMeter(words, new Multipart.MeterFeaturesRequest())));
  }

  private OfctlCommand plain(String name, OfMessage request) {
    return OfctlCommand.reading(name, "switch", 1, 1, words -> dump(words.getFirst(), request));
  }

  private void dump(String name, OfMessage request) throws IOException {
    try (SwitchSession session = switches.open(name)) {
      exchange.dump(session, request, switches.shown(name));
    }
  }

  private void show(List<String> words) throws IOException {
    String name = words.getFirst();
    try (SwitchSession session = switches.open(name)) {
      byte[] reply = session.transact(new OfMessage.FeaturesRequest());
      out.print(exchange.print(reply, Names.NONE, 1));
      boolean ports =
          session.version().isBefore(OfVersion.OF13)
              && OfDecoder.inspect(reply).message() instanceof OfMessage.FeaturesReply features
              && !features.ports().isEmpty();
      if (!ports) {
        exchange.dump(
            session, new Multipart.PortDescriptionRequest(OfPort.ANY), switches.shown(name));
      }
    }
    dump(name, new OfMessage.GetConfigRequest());
  }

  private void dumpTableFeatures(List<String> words) throws IOException {
    try (SwitchSession session = switches.open(words.getFirst())) {
      requireVersion(session, OfVersion.OF13);
      List<TableFeatures> tables = Switches.tables(session);
      String text = MessagePrinter.printTables(tables, Names.NONE);
      out.println(text.startsWith("\n") ? text.substring(1) : text);
    }
  }

  private static void requireVersion(SwitchSession session, OfVersion least) {
    if (session.version().isBefore(least)) {
      throw new OfctlException(
          "this needs OpenFlow " + least.number() + " or later (use -O " + least.text() + ")");
    }
  }

  private void dumpTableDescriptions(List<String> words) throws IOException {
    String name = words.getFirst();
    try (SwitchSession session = switches.open(name)) {
      requireVersion(session, OfVersion.OF14);
      exchange.dump(session, new Multipart.TableDescriptionRequest(), switches.shown(name));
    }
  }

  // Ports and queues.

  private int port(String name, String text) {
    int port = switches.accepted(name).port(text);
    if (port < 0) {
      throw new OfctlException(name + ": unknown port `" + text + "'");
    }
    return port;
  }

  private int portOrAny(List<String> words) {
    boolean given = words.size() > 1;
    return given ? port(words.get(0), words.get(1)) : OfPort.ANY;
  }

  private void dumpPorts(List<String> words) throws IOException {
    dump(words.getFirst(), new Multipart.PortStatsRequest(portOrAny(words)));
  }

  private void dumpPortDescriptions(List<String> words) throws IOException {
    dump(words.getFirst(), new Multipart.PortDescriptionRequest(portOrAny(words)));
  }

  private static boolean isGiven(List<String> words, int index) {
    return words.size() > index
        && !words.get(index).isEmpty()
        && !words.get(index).equalsIgnoreCase("all");
  }

  private void queueStats(List<String> words) throws IOException {
    int port = isGiven(words, 1) ? port(words.get(0), words.get(1)) : OfPort.ANY;
    int queue = isGiven(words, 2) ? LooseNumbers.integer(words.get(2)) : ALL_QUEUES;
    dump(words.getFirst(), new Multipart.QueueStatsRequest(port, queue));
  }

  private void queueConfiguration(List<String> words) throws IOException {
    String name = words.getFirst();
    int port = portOrAny(words);
    int queue = isGiven(words, 2) ? LooseNumbers.integer(words.get(2)) : ALL_QUEUES;
    try (SwitchSession session = switches.open(name)) {
      if (session.version().isAtLeast(OfVersion.OF14)) {
        exchange.dump(
            session, new Multipart.QueueDescriptionRequest(port, queue), switches.shown(name));
        return;
      }
      for (int each : queuePorts(session, port)) {
        exchange.dump(session, new OfMessage.QueueGetConfigRequest(each), switches.shown(name));
      }
    }
  }

  /** OpenFlow 1.0 can only ask for one port's queues. */
  private static List<Integer> queuePorts(SwitchSession session, int port) throws IOException {
    if (port != OfPort.ANY || session.version() != OfVersion.OF10) {
      return List.of(port);
    }
    return Switches.ports(session).stream()
        .map(PortDescription::number)
        .filter(number -> number < OfPort.MAX)
        .toList();
  }

  private void getFragments(List<String> words) throws IOException {
    try (SwitchSession session = switches.open(words.getFirst())) {
      out.println(ConfigCommands.fragments(exchange.config(session)));
    }
  }

  // Echoes.

  private void probe(List<String> words) throws IOException {
    try (SwitchSession session = switches.open(words.getFirst())) {
      byte[] reply = session.transact(new OfMessage.EchoRequest(Bytes.EMPTY));
      if (reply.length != OfDecoder.HEADER_BYTES) {
        throw new OfctlException("reply does not match request");
      }
    }
  }

  private static byte[] payload(String text) {
    int size = LooseNumbers.integer(text);
    if (size < 0 || size > MAX_PAYLOAD) {
      throw new OfctlException("payload must be between 0 and " + MAX_PAYLOAD + " bytes");
    }
    byte[] payload = new byte[size];
    ThreadLocalRandom.current().nextBytes(payload);
    return payload;
  }

  private void ping(List<String> words) throws IOException {
    byte[] payload = payload(words.size() > 1 ? words.get(1) : "64");
    try (SwitchSession session = switches.open(words.getFirst())) {
      for (int i = 0; i < PINGS; i++) {
        pingOnce(session, words.getFirst(), payload);
      }
    }
  }

  private void pingOnce(SwitchSession session, String name, byte[] payload) throws IOException {
    byte[] request = session.encode(new OfMessage.EchoRequest(Bytes.of(payload)));
    long start = System.nanoTime();
    session.send(request);
    byte[] reply = session.receive();
    double ms = (System.nanoTime() - start) / 1e6;
    Inspected inspected = OfDecoder.inspect(reply);
    boolean matches =
        inspected.message() instanceof OfMessage.EchoReply(Bytes data)
            && Arrays.equals(data.toArray(), payload);
    if (!matches) {
      out.println("Reply does not match request.  Request:");
      out.print(exchange.print(request, Names.NONE, 2));
      out.println("Reply:");
      out.print(exchange.print(reply, Names.NONE, 2));
    }
    out.printf(
        "%d bytes from %s: xid=%08x time=%.1f ms%n",
        reply.length - OfDecoder.HEADER_BYTES, name, SwitchSession.xid(reply), ms);
  }

  private void benchmark(List<String> words) throws IOException {
    Bytes payload = Bytes.of(new byte[payload(words.get(1)).length]);
    int count = LooseNumbers.integer(words.get(2));
    long bytes = OfDecoder.HEADER_BYTES + (long) payload.size();
    out.printf(
        "Sending %d packets * %d bytes (with header) = %d bytes total%n",
        count, bytes, count * bytes);
    try (SwitchSession session = switches.open(words.getFirst())) {
      long start = System.nanoTime();
      for (int i = 0; i < count; i++) {
        session.transact(new OfMessage.EchoRequest(payload));
      }
      double ms = (System.nanoTime() - start) / 1e6;
      out.printf(
          "Finished in %.1f ms (%.0f packets/s) (%.0f bytes/s)%n",
          ms, count / (ms / 1000), count * bytes / (ms / 1000));
    }
  }

  // Groups and meters.

  private void dumpGroups(List<String> words) throws IOException {
    long group = words.size() > 1 ? LooseNumbers.group(words.get(1)) : -1;
    dump(
        words.getFirst(),
        new Multipart.GroupDescriptionRequest(group < 0 ? GroupMod.ALL : (int) group));
  }

  private void dumpGroupStats(List<String> words) throws IOException, OfSyntaxException {
    String name = words.getFirst();
    String text = words.size() > 1 ? words.get(1) : "";
    GroupMod group =
        GroupParser.parse(GroupMod.Command.DELETE, text, switches.accepted(name)).message();
    dump(name, new Multipart.GroupStatsRequest(group.groupId()));
  }

  private void dumpGroupFeatures(List<String> words) throws IOException {
    String name = words.getFirst();
    try (SwitchSession session = switches.open(name)) {
      if (session.version() == OfVersion.OF11) {
        throw new OfctlException("dump-group-features needs OpenFlow 1.2 or later ('-O')");
      }
      exchange.dump(session, new Multipart.GroupFeaturesRequest(), switches.shown(name));
    }
  }

  private static int meter(List<String> words) throws OfSyntaxException {
    return words.size() > 1 ? MeterParser.parseId(words.get(1)) : MeterMod.ALL;
  }

  private void dumpMeter(List<String> words, Multipart.Request request) throws IOException {
    String name = words.getFirst();
    try (SwitchSession session = switches.openFor(name, FlowFormat.since(OfVersion.OF13))) {
      exchange.dump(session, request, switches.shown(name));
    }
  }
}
