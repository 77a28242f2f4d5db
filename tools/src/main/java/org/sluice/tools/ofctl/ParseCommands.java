package org.sluice.tools.ofctl;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.print.MessagePrinter;
import org.sluice.openflow.text.FlowFile;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.GroupParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;
import org.sluice.openflow.text.Parsed;

/** Commands that read flows and groups as text and show the messages that say them. */
final class ParseCommands {
  private final OfctlOptions options;
  private final PrintStream out;
  private final NoteLog log;
  private int xid;

  ParseCommands(OfctlOptions options, PrintStream out, NoteLog log) {
    this.options = options;
    this.out = out;
    this.log = log;
  }

  List<OfctlCommand> all() {
    return List.of(
        OfctlCommand.writing("parse-flow", null, 1, 1, this::parseFlow),
        OfctlCommand.writing("parse-flows", null, 1, 1, this::parseFlows),
        OfctlCommand.writing("parse-group", null, 1, 1, this::parseGroup));
  }

  private void parseFlow(List<String> arguments) throws OfSyntaxException {
    show(List.of(FlowParser.read(FlowMod.Command.ADD, arguments.getFirst(), names())));
  }

  private void parseFlows(List<String> arguments) throws OfSyntaxException {
    show(FlowFile.readAs(FlowMod.Command.ADD, Path.of(arguments.getFirst()), names()));
  }

  private void parseGroup(List<String> arguments) throws OfSyntaxException {
    Parsed<GroupMod> group = GroupParser.parse(GroupMod.Command.ADD, arguments.getFirst(), names());
    FlowFormat chosen = choose(EnumSet.copyOf(group.formats()));
    out.println("chosen version: " + chosen.version().text());
    byte[] message = encode(group.message(), chosen);
    out.print(new MessagePrinter(options.numbers(), options.verbosity(), log).print(message));
  }

  private Names names() {
    return Names.NONE.withLog(log);
  }

  private void show(List<Parsed<FlowMod>> flows) throws OfSyntaxException {
    EnumSet<FlowFormat> usable = EnumSet.allOf(FlowFormat.class);
    for (Parsed<FlowMod> flow : flows) {
      flow.notes().forEach(log);
      usable.retainAll(flow.formats());
    }
    FlowFormat chosen = choose(usable);
    out.println("chosen protocol: " + chosen.text());
    MessagePrinter printer = new MessagePrinter(options.numbers(), options.verbosity(), log);
    for (Parsed<FlowMod> flow : flows) {
      out.print(printer.print(encode(flow.message(), chosen)));
    }
  }

  private FlowFormat choose(Set<FlowFormat> usable) {
    out.println("usable protocols: " + FlowFormat.describe(usable));
    usable.retainAll(options.formats());
    return usable.stream().findFirst().orElseThrow(() -> new OfctlException("no usable protocol"));
  }

  private byte[] encode(OfMessage message, FlowFormat format) {
    xid++;
    return SwitchSession.encode(message, xid, format.dialect()).getFirst();
  }
}
