package org.sluice.openflow.print;

import java.util.Arrays;
import java.util.Map;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.codec.MessageForm;
import org.sluice.openflow.message.OfMessage;

/** Bundles. What a message puts into one is printed as a message of its own, right or wrong. */
final class BundlePrinter {
  private static final BitNames FLAGS = new BitNames(Map.of(0, "atomic", 1, "ordered"));
  private static final int STANDARD_HEADER = 8;
  private static final int ONF_HEADER = 16;
  private static final int CONTROL_BYTES = 8;

  private final MessagePrinter printer;
  private final StringBuilder out;

  BundlePrinter(MessagePrinter printer, StringBuilder out) {
    this.printer = printer;
    this.out = out;
  }

  /** The message that this one puts into a bundle, as far as it is one; else null. */
  static byte[] innerOf(byte[] bytes, Inspected inspected) {
    boolean adds =
        inspected.form() == MessageForm.OFPT14_BUNDLE_ADD_MESSAGE
            || inspected.form() == MessageForm.ONFT13_BUNDLE_ADD_MESSAGE;
    boolean refused = inspected.error() != null && inspected.error().name().startsWith("OFPBFC");
    if (!adds || refused) {
      return null;
    }
    int start = headerBytes(inspected) + CONTROL_BYTES;
    int length = (bytes[start + 2] & 0xff) << 8 | (bytes[start + 3] & 0xff);
    return Arrays.copyOfRange(bytes, start, start + length);
  }

  private static int headerBytes(Inspected inspected) {
    return inspected.form() == MessageForm.OFPT14_BUNDLE_ADD_MESSAGE ? STANDARD_HEADER : ONF_HEADER;
  }

  void addInside(byte[] bytes, Inspected inspected, byte[] inner) {
    int at = headerBytes(inspected);
    int id = 0;
    for (int i = at; i < at + 4; i++) {
      id = id << 8 | (bytes[i] & 0xff);
    }
    int flags = (bytes[at + 6] & 0xff) << 8 | (bytes[at + 7] & 0xff);
    addHead(id).append(" flags=").append(FLAGS.format(flags, " ")).append('\n');
    out.append(printer.print(inner));
  }

  private StringBuilder addHead(int id) {
    return out.append("\n bundle_id=").append(SwitchPrinter.sharpHex(id));
  }

  void add(OfMessage.BundleControl control) {
    addHead(control.bundleId()).append(" type=").append(control.type());
    out.append(" flags=").append(FLAGS.format(control.flags(), " "));
  }
}
