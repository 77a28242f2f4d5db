package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.codec.ActionWire;
import org.sluice.openflow.codec.MatchWire;
import org.sluice.openflow.match.ActionCheck;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.match.MatchNormal;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.print.HexDump;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.NxmText;
import org.sluice.openflow.text.OfSyntaxException;

/** Commands that read matches and actions as bytes and write them again, to compare. */
final class WireCommands {
  private static final String GARBAGE = "Trailing garbage in hex data";
  private static final String DIGITS = "0123456789abcdef";

  private final OfctlOptions options;
  private final PrintStream out;
  private final NoteLog log;

  WireCommands(OfctlOptions options, PrintStream out, NoteLog log) {
    this.options = options;
    this.out = out;
    this.log = log;
  }

  List<OfctlCommand> all() {
    return List.of(
        OfctlCommand.writing("parse-nx-match", null, 0, 0, this::parseNxm),
        OfctlCommand.writing("parse-nxm", null, 0, 0, this::parseNxm),
        OfctlCommand.writing("parse-oxm", null, 1, 1, this::parseOxm),
        OfctlCommand.writing("parse-actions", null, 1, 1, words -> parseActions(words, false)),
        OfctlCommand.writing("parse-instructions", null, 1, 1, words -> parseActions(words, true)),
        OfctlCommand.writing("parse-ofp10-match", null, 0, 0, this::parseMatch10),
        OfctlCommand.writing("parse-ofp11-match", null, 0, 0, this::parseMatch11),
        OfctlCommand.writing("check-vlan", null, 2, 2, this::checkVlan));
  }

  // Matches as entries.

  private void parseNxm(List<String> arguments) throws IOException, OfSyntaxException {
    parseEntries(null);
  }

  private void parseOxm(List<String> arguments) throws IOException, OfSyntaxException {
    OfVersion version = OfVersion.byName(arguments.getFirst());
    if (version == null || version.isBefore(OfVersion.OF12)) {
      throw new OfctlException(arguments.getFirst() + ": not a valid version for OXM");
    }
    parseEntries(version);
  }

  private void parseEntries(OfVersion oxm) throws IOException, OfSyntaxException {
    TestInput in = TestInput.echoing();
    for (String line = in.next(out); line != null; line = in.next(out)) {
      byte[] entries = NxmText.parse(line.strip());
      MatchWire.Read read =
          oxm == null
              ? MatchWire.readNxm(entries, options.strict())
              : MatchWire.readOxm(entries, options.strict());
      read.notes().forEach(log);
      if (read.error() != null) {
        out.println("nx_pull_match() returned error " + read.error());
        continue;
      }
      byte[] again =
          oxm == null
              ? MatchWire.writeNxm(read.match(), read.cookie(), read.cookieMask())
              : MatchWire.writeOxm(read.match(), oxm);
      out.println(NxmText.format(again));
      if (options.verbosity() > 0) {
        out.print(HexDump.format(oxm == null ? padded(again) : withHeader(again), false));
      }
    }
  }

  private static byte[] padded(byte[] bytes) {
    return Arrays.copyOf(bytes, (bytes.length + 7) & ~7);
  }

  /** The header of an OXM match: its type, which is 1, and its length. */
  private static byte[] withHeader(byte[] entries) {
    byte[] all = new byte[4 + entries.length];
    all[1] = 1;
    all[2] = (byte) (all.length >>> 8);
    all[3] = (byte) all.length;
    System.arraycopy(entries, 0, all, 4, entries.length);
    return padded(all);
  }

  // Actions.

  private void parseActions(List<String> arguments, boolean instructions) throws IOException {
    String name = arguments.getFirst();
    OfVersion version = OfVersion.byName(name);
    if (version == null) {
      throw new OfctlException(name + ": not a valid OpenFlow version");
    }
    String what = instructions ? "instructions" : "actions";
    TestInput in = TestInput.quiet();
    for (String line = in.next(out); line != null; line = in.next(out)) {
      int comma = line.indexOf(',');
      int table = comma < 0 ? 0 : LooseNumbers.integer(line.substring(0, comma));
      byte[] bytes = HexInput.parse(line.substring(comma + 1), GARBAGE);
      ActionWire.Read read = readActions(bytes, version, instructions);
      OfError error = read.error();
      if (error == null && instructions) {
        error = checkActions(read.actions(), table, version);
      }
      if (error != null) {
        out.println("bad " + name + " " + what + ": " + error + "\n");
        continue;
      }
      out.println("actions=" + new ActionFormatter(options.numbers()).format(read.actions()));
      byte[] again =
          instructions
              ? ActionWire.writeInstructions(read.actions(), version)
              : ActionWire.writeActions(read.actions(), version);
      printDifferences("", bytes, again);
      out.println();
    }
  }

  private ActionWire.Read readActions(byte[] bytes, OfVersion version, boolean instructions) {
    ActionWire.Read read =
        instructions
            ? ActionWire.readInstructions(bytes, version)
            : ActionWire.readActions(bytes, version);
    read.notes().forEach(log);
    return read;
  }

  private static OfError checkActions(List<OfAction> actions, int table, OfVersion version) {
    ActionCheck.Verdict verdict = ActionCheck.judge(Match.any(), table, actions);
    boolean inconsistent = verdict.inconsistent() && version != OfVersion.OF10;
    return verdict.error() == null && inconsistent
        ? OfError.OFPBAC_MATCH_INCONSISTENT
        : verdict.error();
  }

  private void printDifferences(String prefix, byte[] before, byte[] after) {
    int shared = Math.min(before.length, after.length);
    for (int i = 0; i < shared; i++) {
      if (before[i] != after[i]) {
        out.printf("%s%2d: %02x -> %02x%n", prefix, i, before[i], after[i]);
      }
    }
    for (int i = shared; i < after.length; i++) {
      out.printf("%s%2d: (none) -> %02x%n", prefix, i, after[i]);
    }
    for (int i = shared; i < before.length; i++) {
      out.printf("%s%2d: %02x -> (none)%n", prefix, i, before[i]);
    }
  }

  // Matches as structures.

  /** In the input an x stands for a digit that does not matter. */
  private void parseMatch10(List<String> arguments) throws IOException {
    TestInput in = TestInput.quiet();
    for (String line = in.next(out); line != null; line = in.next(out)) {
      byte[] expected = HexInput.parse(line.replace('x', '0'), GARBAGE);
      requireSize(expected, MatchWire.BYTES_10);
      Match match = MatchWire.read10(HexInput.parse(randomized(line), GARBAGE));
      out.println(MatchFormatter.format(match, options.numbers()));
      byte[] again = MatchWire.write10(match);
      printDifferences("", expected, again);
      Match normal = MatchNormal.of(match);
      if (!normal.equals(match)) {
        log.accept(new Note.Normalized(match, normal));
      }
      printDifferences("normal: ", again, MatchWire.write10(normal));
      out.println();
    }
  }

  private static void requireSize(byte[] bytes, int size) {
    if (bytes.length != size) {
      throw new OfctlException("Input is %d bytes, expected %d".formatted(bytes.length, size));
    }
  }

  private static String randomized(String line) {
    StringBuilder text = new StringBuilder(line);
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == 'x') {
        text.setCharAt(i, DIGITS.charAt(ThreadLocalRandom.current().nextInt(DIGITS.length())));
      }
    }
    return text.toString();
  }

  private void parseMatch11(List<String> arguments) throws IOException {
    TestInput in = TestInput.quiet();
    for (String line = in.next(out); line != null; line = in.next(out)) {
      byte[] bytes = HexInput.parse(line, GARBAGE);
      requireSize(bytes, MatchWire.BYTES_11);
      MatchWire.Read read = MatchWire.read11(bytes);
      read.notes().forEach(log);
      if (read.error() != null) {
        out.println("bad ofp11_match: " + read.error() + "\n");
        continue;
      }
      out.println(MatchFormatter.format(read.match(), options.numbers()));
      printDifferences("", bytes, MatchWire.write11(read.match()));
      out.println();
    }
  }

  // VLAN tags.

  private void checkVlan(List<String> arguments) throws OfSyntaxException {
    int tci = (int) LooseNumbers.hexadecimal(arguments.get(0));
    int mask = (int) LooseNumbers.hexadecimal(arguments.get(1));
    Match match = new MatchBuilder().set(Field.VLAN_TCI, 0, tci, 0, mask).build();
    String text = MatchFormatter.format(match, Names.NONE);
    Match again = FlowParser.read(FlowMod.Command.DELETE, text, Names.NONE).message().match();
    out.println(text + " -> " + tag(again));
    byte[] nxm = MatchWire.writeNxm(match, 0, 0);
    out.println("NXM: " + NxmText.format(nxm) + " -> " + tag(MatchWire.readNxm(nxm, true)));
    checkOxm(match);
    byte[] match10 = MatchWire.write10(match);
    out.println("OF1.0: " + tag10(match10) + " -> " + tag(MatchWire.read10(match10)));
    byte[] match11 = MatchWire.write11(match);
    out.println("OF1.1: " + tag11(match11) + " -> " + tag(MatchWire.read11(match11)));
  }

  private void checkOxm(Match match) {
    byte[] oxm = MatchWire.writeOxm(match, OfVersion.OF12);
    MatchWire.Read read = MatchWire.readOxm(oxm, true);
    out.print("OXM: " + NxmText.format(oxm) + " -> ");
    if (read.error() != null) {
      out.println(read.error());
      return;
    }
    int tci = (int) read.match().get(Field.VLAN_TCI);
    int mask = (int) read.match().mask().get(Field.VLAN_TCI);
    out.printf("%04x/%04x,", tci & 0x1fff, mask & 0x1fff);
    boolean hasPriority = (tci & 0x1fff) != 0 && mask >>> 13 != 0;
    out.println(hasPriority ? "%02d".formatted(tci >>> 13) : "--");
  }

  private static String tag(MatchWire.Read read) {
    return read.error() == null ? tag(read.match()) : read.error().name();
  }

  private static String tag(Match match) {
    return "%04x/%04x".formatted(match.get(Field.VLAN_TCI), match.mask().get(Field.VLAN_TCI));
  }

  private static String tag10(byte[] match) {
    int wild = int32(match, 0);
    return "%04x/%d,%02x/%d"
        .formatted(int16(match, 18), wild >>> 1 & 1, match[20], wild >>> 20 & 1);
  }

  private static String tag11(byte[] match) {
    int wild = int32(match, 8);
    return "%04x/%d,%02x/%d".formatted(int16(match, 36), wild >>> 1 & 1, match[38], wild >>> 2 & 1);
  }

  private static int int16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static int int32(byte[] bytes, int at) {
    return int16(bytes, at) << 16 | int16(bytes, at + 2);
  }
}
