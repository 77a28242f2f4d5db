package org.sluice.openflow.print;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.MessageForm;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.NiciraMessage;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.TableFeatures;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.NxmText;

/**
 * Prints messages as {@code ovs-ofctl ofp-print} does. Immutable.
 *
 * <p>Verbosity 0 leaves lists of statistics out, from 1 on packets are explained, from 3 on shown
 * byte by byte, and from 5 on so is the whole message, as is one that is wrong.
 */
public final class MessagePrinter {
  private static final int FLAGS_AT = 10;
  private static final int MORE = 1;
  private static final int WHOLE = 5;
  private static final int BYTES = 3;
  private static final int NXM_LENGTH_AT = 40;
  private static final int NXM_AT = 48;

  /** An error can quote an error, and so on; a peer that means it does so once. */
  private static final int MAX_DEPTH = 16;

  private final Names names;
  private final int verbosity;
  private final Consumer<Note> log;

  /** How many errors this is about a message of. */
  private final int depth;

  /** Shows ports and tables by these names. */
  public MessagePrinter(Names names, int verbosity) {
    this(names, verbosity, note -> {});
  }

  /** The same, with {@code log} for what there is to say besides. */
  public MessagePrinter(Names names, int verbosity, Consumer<Note> log) {
    this(names, verbosity, log, 0);
  }

  private MessagePrinter(Names names, int verbosity, Consumer<Note> log, int depth) {
    this.names = names;
    this.verbosity = verbosity;
    this.log = log;
    this.depth = depth;
  }

  Names names() {
    return names;
  }

  int verbosity() {
    return verbosity;
  }

  /** What the message says, in lines. */
  public String print(byte[] bytes) {
    if (bytes.length == 0) {
      return "OpenFlow message is empty\n";
    }
    if (bytes.length < OfDecoder.HEADER_BYTES) {
      return "OpenFlow packet too short (only %d bytes):\n".formatted(bytes.length)
          + HexDump.format(bytes, true);
    }
    int length = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    if (length > bytes.length) {
      return headerOfPart(bytes)
          + "(***truncated to %d bytes from %d***)\n".formatted(bytes.length, length)
          + HexDump.format(bytes, true);
    }
    if (length < bytes.length) {
      return "(***only uses %d bytes out of %d***)\n".formatted(length, bytes.length)
          + HexDump.format(bytes, true);
    }
    return printWhole(bytes);
  }

  /** What tables can do; of neighbours that are alike only the first is told in full. */
  public static String printTables(List<TableFeatures> tables, Names names) {
    StringBuilder out = new StringBuilder();
    new TablePrinter(names, out).addFeatures(tables);
    return out.toString();
  }

  private static String headerOfPart(byte[] bytes) {
    byte[] cut = bytes.clone();
    cut[2] = (byte) (bytes.length >>> 8);
    cut[3] = (byte) bytes.length;
    MessageForm form = OfDecoder.formOf(cut);
    return form == null ? "" : header(bytes, form) + "\n";
  }

  private static int xid(byte[] bytes) {
    return (bytes[4] & 0xff) << 24
        | (bytes[5] & 0xff) << 16
        | (bytes[6] & 0xff) << 8
        | (bytes[7] & 0xff);
  }

  private static String header(byte[] bytes, MessageForm form) {
    int wire = bytes[0] & 0xff;
    OfVersion version = OfVersion.ofWire(wire);
    String shown =
        version == OfVersion.OF10
            ? ""
            : version == null ? " (OF 0x%02x)".formatted(wire) : " (OF" + version.number() + ")";
    return form.text() + shown + " (xid=0x" + Integer.toHexString(xid(bytes)) + "):";
  }

  private String printWhole(byte[] bytes) {
    Inspected inspected = OfDecoder.inspect(bytes);
    inspected.notes().forEach(log);
    StringBuilder out = new StringBuilder();
    if (inspected.form() != null) {
      out.append(header(bytes, inspected.form()));
      int headerEnd = out.length();
      addBody(out, bytes, inspected);
      trim(out);
      if (inspected.error() != null) {
        addSeparator(out, headerEnd);
      }
    }
    if (inspected.error() != null) {
      out.append("***decode error: ").append(inspected.error()).append("***\n");
    }
    if (verbosity >= WHOLE || inspected.error() != null) {
      addNewline(out);
      out.append(HexDump.format(bytes, true));
    }
    addNewline(out);
    return out.toString();
  }

  private static void trim(StringBuilder out) {
    if (out.charAt(out.length() - 1) == ' ') {
      out.setLength(out.length() - 1);
    }
  }

  private static void addSeparator(StringBuilder out, int headerEnd) {
    if (out.length() > headerEnd) {
      addNewline(out);
    } else {
      out.append(' ');
    }
  }

  private static void addNewline(StringBuilder out) {
    if (!out.isEmpty() && out.charAt(out.length() - 1) != '\n') {
      out.append('\n');
    }
  }

  private void addBody(StringBuilder out, byte[] bytes, Inspected inspected) {
    if (inspected.form().isMultipart()) {
      addFlags(out, bytes, inspected);
    }
    byte[] inner = BundlePrinter.innerOf(bytes, inspected);
    if (inner != null) {
      new BundlePrinter(this, out).addInside(bytes, inspected, inner);
    } else if (inspected.message() != null) {
      add(out, inspected, bytes);
    }
  }

  private static void addFlags(StringBuilder out, byte[] bytes, Inspected inspected) {
    int flags = (bytes[FLAGS_AT] & 0xff) << 8 | (bytes[FLAGS_AT + 1] & 0xff);
    if (flags == 0) {
      return;
    }
    out.append(" flags=");
    boolean mayHaveMore =
        !inspected.form().isMultipartRequest() || inspected.version().isAtLeast(OfVersion.OF13);
    if (mayHaveMore && (flags & MORE) != 0) {
      out.append("[more]");
      flags &= ~MORE;
    }
    if (flags != 0) {
      out.append("[***unknown flags 0x%04x***]".formatted(flags));
    }
  }

  private void add(StringBuilder out, Inspected inspected, byte[] bytes) {
    OfVersion version = inspected.version();
    switch (inspected.message()) {
      case OfMessage.Simple simple -> new SwitchPrinter(this, out).add(simple, inspected, bytes);
      case FlowMod mod ->
          new FlowPrinter(names, out).add(mod, version, matchAsSent(bytes, inspected));
      case FlowRemoved removed -> new FlowPrinter(names, out).add(removed);
      case GroupMod mod -> new GroupPrinter(names, version, out).add(mod);
      case MeterMod mod -> new MeterPrinter(out).add(mod);
      case PacketIn packet -> new PacketPrinter(this, out).add(packet, version);
      case PacketOut packet -> new PacketPrinter(this, out).add(packet);
      case AsyncConfig.Message async -> AsyncPrinter.add(out, async);
      case FlowMonitor.Message monitor -> MonitorPrinter.add(out, monitor);
      case NiciraMessage nicira -> new NiciraPrinter(this, out).add(nicira, version);
      case Multipart multipart -> new MultipartPrinter(this, out).add(multipart, inspected);
    }
  }

  /** The match of a flow mod of 1.0 byte by byte, if as much is to be said; else null. */
  private String matchAsSent(byte[] bytes, Inspected inspected) {
    if (verbosity < BYTES) {
      return null;
    }
    return switch (inspected.form()) {
      case OFPT10_FLOW_MOD -> new SentMatch(names).format10(Arrays.copyOfRange(bytes, 8, 48));
      case NXT_FLOW_MOD -> {
        int length = (bytes[NXM_LENGTH_AT] & 0xff) << 8 | (bytes[NXM_LENGTH_AT + 1] & 0xff);
        yield NxmText.format(Arrays.copyOfRange(bytes, NXM_AT, NXM_AT + length));
      }
      default -> null;
    };
  }

  /** The error's text and the message that caused it, or for a failed hello what is said of it. */
  void addError(StringBuilder out, OfError error, byte[] data) {
    out.append(' ').append(error).append('\n');
    boolean text = error == OfError.OFPHFC_INCOMPATIBLE || error == OfError.OFPHFC_EPERM;
    out.append(text ? HexDump.printable(data) : quoted(data));
  }

  private String quoted(byte[] message) {
    return depth == MAX_DEPTH
        ? HexDump.format(message, true)
        : new MessagePrinter(names, 1, log, depth + 1).print(message);
  }
}
