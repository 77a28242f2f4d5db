package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.print.HexDump;
import org.sluice.openflow.print.MessagePrinter;
import org.sluice.openflow.text.KeyValues;
import org.sluice.openflow.text.OfSyntaxException;

/** Commands that explain single messages and errors, without a switch. */
final class PrintCommands {
  private static final int DEFAULT_VERBOSITY = 2;

  private final OfctlOptions options;
  private final PrintStream out;
  private final NoteLog log;

  PrintCommands(OfctlOptions options, PrintStream out, NoteLog log) {
    this.options = options;
    this.out = out;
    this.log = log;
  }

  List<OfctlCommand> all() {
    return List.of(
        OfctlCommand.writing("ofp-print", null, 1, 2, this::print),
        OfctlCommand.writing("print-error", null, 1, 1, this::printError),
        OfctlCommand.writing("encode-error-reply", null, 2, 2, this::encodeErrorReply),
        OfctlCommand.writing("encode-hello", null, 1, 1, this::encodeHello),
        OfctlCommand.writing(
            "parse-key-value", null, 1, OfctlCommand.ANY_NUMBER, this::parseKeyValue));
  }

  private void print(List<String> arguments) throws IOException {
    int verbosity =
        arguments.size() > 1 ? LooseNumbers.integer(arguments.get(1)) : DEFAULT_VERBOSITY;
    out.print(
        new MessagePrinter(options.numbers(), verbosity, log).print(message(arguments.getFirst())));
  }

  private byte[] message(String text) throws IOException {
    if (!text.equals("-")) {
      return HexInput.parse(text, "trailing garbage following hex bytes");
    }
    if (options.raw()) {
      return System.in.readAllBytes();
    }
    String line = HexInput.lines().readLine();
    if (line == null) {
      throw new OfctlException("Failed to read stdin");
    }
    return HexInput.parse(line, "trailing garbage following hex bytes");
  }

  private static OfError error(String name) {
    OfError error = OfError.byName(name);
    if (error == null) {
      throw new OfctlException("unknown error \"" + name + "\"");
    }
    return error;
  }

  private void printError(List<String> arguments) {
    OfError error = error(arguments.getFirst());
    for (OfVersion version : OfVersion.values()) {
      OfError.Code code = error.code(version);
      if (code != null) {
        out.printf(
            "OpenFlow %s: vendor %s, type %d, code %d%n",
            version.number(), hex(code.vendor()), code.type(), code.code());
      }
    }
  }

  private static String hex(int number) {
    return number == 0 ? "0" : "0x" + Integer.toHexString(number);
  }

  private void encodeErrorReply(List<String> arguments) {
    OfError error = error(arguments.getFirst());
    byte[] request = HexInput.parse(arguments.get(1), "Trailing garbage in hex data");
    if (request.length < OfDecoder.HEADER_BYTES) {
      throw new OfctlException("Request too short");
    }
    if (request.length != ((request[2] & 0xff) << 8 | (request[3] & 0xff))) {
      throw new OfctlException("Request size inconsistent");
    }
    OfVersion version = OfVersion.ofWire(request[0] & 0xff);
    if (version != null && error.code(version) == null) {
      log.accept(
          new Note.Remark(
              Note.Level.ERROR,
              "ofp_errors",
              "cannot encode " + error + " for OpenFlow " + version.number(),
              true));
    }
    out.print(HexDump.format(OfDecoder.errorReply(error, request), false));
  }

  private void encodeHello(List<String> arguments) {
    int bitmap = (int) LooseNumbers.anyBase(arguments.getFirst());
    OfVersion highest = null;
    for (OfVersion version : OfVersion.values()) {
      highest = (bitmap & version.bit()) != 0 ? version : highest;
    }
    if (highest == null) {
      throw new OfctlException(arguments.getFirst() + ": no version of OpenFlow");
    }
    byte[] hello =
        OfEncoder.encode(new OfMessage.Hello(bitmap, false), 1, Dialect.of(highest)).getFirst();
    out.print(HexDump.format(hello, false));
    out.print(new MessagePrinter(options.numbers(), options.verbosity(), log).print(hello));
  }

  private void parseKeyValue(List<String> arguments) throws OfSyntaxException {
    for (String text : arguments) {
      KeyValues pairs = new KeyValues(text);
      String separator = "";
      while (pairs.next()) {
        out.print(separator + pairs.key());
        out.print(pairs.value().isEmpty() ? "" : "=" + pairs.value());
        separator = ", ";
      }
      out.println();
    }
  }
}
