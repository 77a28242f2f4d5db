package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMod.Command;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.Multipart.FlowQuery;
import org.sluice.openflow.print.HexDump;
import org.sluice.openflow.text.FlowFile;
import org.sluice.openflow.text.FlowFormatter;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.openflow.text.Parsed;

/** Commands that show a switch's rules and change them. */
final class FlowCommands {
  private static final int DUMP_BYTES = 5;

  private final OfctlOptions options;
  private final Switches switches;
  private final Exchange exchange;
  private final BundleSender bundles;
  private final PrintStream out;
  private final NoteLog log;

  FlowCommands(
      OfctlOptions options, Switches switches, Exchange exchange, PrintStream out, NoteLog log) {
    this.options = options;
    this.switches = switches;
    this.exchange = exchange;
    this.out = out;
    this.log = log;
    bundles = new BundleSender(exchange);
  }

  List<OfctlCommand> all() {
    return List.of(
        OfctlCommand.reading("dump-flows", "switch", 1, 2, this::dumpFlows),
        OfctlCommand.reading("dump-aggregate", "switch", 1, 2, this::dumpAggregate),
        OfctlCommand.writing("add-flow", "switch flow", 2, 2, words -> mod(words, Command.ADD)),
        OfctlCommand.writing(
            "add-flows", "switch file", 2, 2, words -> modFile(words, Command.ADD)),
        OfctlCommand.writing(
            "mod-flows",
            "switch flow",
            2,
            2,
            words -> mod(words, options.strict() ? Command.MODIFY_STRICT : Command.MODIFY)),
        OfctlCommand.writing(
            "del-flows",
            "switch [flow]",
            1,
            2,
            words -> mod(words, options.strict() ? Command.DELETE_STRICT : Command.DELETE)),
        OfctlCommand.writing("replace-flows", "switch file", 2, 2, this::replaceFlows),
        OfctlCommand.writing("diff-flows", "source1 source2", 2, 2, this::diffFlows));
  }

  // Changing.

  private void mod(List<String> words, Command command) throws IOException, OfSyntaxException {
    String text = words.size() > 1 ? words.get(1) : "";
    if (text.equals("-")) {
      modFile(words, command);
    } else {
      Names names = switches.accepted(words.getFirst());
      send(words.getFirst(), List.of(FlowParser.read(command, text, names)));
    }
  }

  /** Lines of a file to add may say that they are to do something else. */
  private void modFile(List<String> words, Command command) throws IOException, OfSyntaxException {
    Names names = switches.accepted(words.getFirst());
    Path file = Path.of(words.get(1));
    send(
        words.getFirst(),
        command == Command.ADD
            ? FlowFile.readAny(file, names)
            : FlowFile.readAs(command, file, names));
  }

  private void send(String name, List<Parsed<FlowMod>> flows) throws IOException {
    EnumSet<FlowFormat> usable = EnumSet.allOf(FlowFormat.class);
    for (Parsed<FlowMod> flow : flows) {
      flow.notes().forEach(log);
      usable.retainAll(flow.formats());
    }
    if (options.bundle()) {
      bundles.send(switches, name, flows.stream().map(Parsed::message).toList(), usable);
      return;
    }
    StringBuilder dump = new StringBuilder();
    try (SwitchSession session = switches.openFor(name, usable)) {
      for (Parsed<FlowMod> flow : flows) {
        byte[] message = session.encode(flow.message());
        addDump(dump, message);
        exchange.requireNone(session.transactQuietly(message), switches.shown(name));
      }
    }
    out.print(dump);
  }

  private void addDump(StringBuilder dump, byte[] message) {
    if (options.verbosity() == DUMP_BYTES) {
      dump.append(HexDump.format(message, true));
    } else if (options.verbosity() > DUMP_BYTES) {
      String digits = HexFormat.of().formatHex(message).replaceFirst("^0+", "");
      dump.append("0x").append(digits).append('\n');
    }
  }

  // Showing.

  private FlowQuery query(List<String> words, EnumSet<FlowFormat> usable) throws OfSyntaxException {
    String text = words.size() > 1 ? words.get(1) : "";
    Names names = text.isEmpty() ? Names.NONE : switches.accepted(words.getFirst());
    Parsed<FlowMod> flow = FlowParser.read(Command.DELETE, text, names);
    usable.retainAll(flow.formats());
    // A question says its table in every format.
    Set<FlowFormat> tableless = EnumSet.noneOf(FlowFormat.class);
    usable.forEach(format -> tableless.add(format.withTables(false)));
    usable.addAll(tableless);
    FlowMod mod = flow.message();
    return new FlowQuery(
        mod.table(), mod.filter(), mod.cookie().match(), mod.cookie().mask(), mod.match());
  }

  /** The newest format that can say the question. */
  private SwitchSession openToDump(String name, Set<FlowFormat> usable) throws IOException {
    SwitchSession session = switches.open(name);
    List<FlowFormat> wanted = new ArrayList<>(EnumSet.range(FlowFormat.OF11, FlowFormat.OF15));
    wanted = new ArrayList<>(wanted.reversed());
    wanted.add(FlowFormat.NXM);
    wanted.add(FlowFormat.OF10);
    wanted.retainAll(usable);
    wanted.retainAll(options.formats());
    for (FlowFormat format : wanted) {
      if (session.tryFormat(format)) {
        return session;
      }
    }
    session.close();
    switches.requireAllowed(usable);
    throw new OfctlException(
        "switch does not support any of the usable flow formats ("
            + FlowFormat.describe(usable)
            + ")");
  }

  private void dumpFlows(List<String> words) throws IOException, OfSyntaxException {
    String name = words.getFirst();
    EnumSet<FlowFormat> usable = EnumSet.allOf(FlowFormat.class);
    FlowQuery query = query(words, usable);
    boolean plain = options.criteria().isEmpty() && !options.showsNames() && options.stats();
    try (SwitchSession session = openToDump(name, usable)) {
      Multipart.Request request =
          new Multipart.FlowStatsRequest(query, session.format().dialect().nxm());
      if (plain) {
        exchange.dump(session, request, options.numbers());
        return;
      }
      List<FlowStats> flows = FlowTable.read(session, query);
      flows.sort(new FlowOrder(options.criteria()));
      Names names = switches.shown(name);
      for (FlowStats flow : flows) {
        out.println(" " + FlowFormatter.format(flow.withoutAges(), names, options.stats()));
      }
    }
  }

  private void dumpAggregate(List<String> words) throws IOException, OfSyntaxException {
    String name = words.getFirst();
    EnumSet<FlowFormat> usable = EnumSet.allOf(FlowFormat.class);
    FlowQuery query = query(words, usable);
    try (SwitchSession session = openToDump(name, usable)) {
      exchange.dump(
          session,
          new Multipart.AggregateRequest(query, session.format().dialect().nxm()),
          switches.shown(name));
    }
  }

  // Comparing.

  private void replaceFlows(List<String> words) throws IOException, OfSyntaxException {
    String name = words.getFirst();
    FlowTable table = new FlowTable();
    EnumSet<FlowFormat> usable = EnumSet.allOf(FlowFormat.class);
    table.addFile(Path.of(words.get(1)), switches.accepted(name), FlowTable.WANTED, usable);
    try (SwitchSession session = openToDump(name, usable)) {
      table.addSwitch(session, FlowTable.PRESENT);
      List<FlowMod> changes = table.changes(options.readd());
      if (options.bundle()) {
        bundles.send(session, changes, switches.shown(name));
        return;
      }
      for (FlowMod change : changes) {
        exchange.require(session, change, switches.shown(name));
      }
    }
  }

  private void diffFlows(List<String> words) throws IOException, OfSyntaxException {
    FlowTable table = new FlowTable();
    Names names = options.numbers();
    boolean asked = false;
    for (int side = 0; side < 2; side++) {
      String source = words.get(side);
      if (FlowTable.isFile(source)) {
        table.addFile(Path.of(source), names, side, EnumSet.allOf(FlowFormat.class));
      } else {
        try (SwitchSession session = openToDump(source, EnumSet.allOf(FlowFormat.class))) {
          table.addSwitch(session, side);
        }
        names = asked ? names : switches.shown(source);
        asked = true;
      }
    }
    String difference = table.difference(names);
    out.print(difference);
    if (!difference.isEmpty()) {
      throw new ExitException(2);
    }
  }
}
