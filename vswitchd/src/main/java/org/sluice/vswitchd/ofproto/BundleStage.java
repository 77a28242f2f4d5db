package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ObjIntConsumer;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfMessage;

/**
 * An OpenFlow bundle on its way to being committed: the messages gathered so far. Belongs to its
 * session's reader.
 */
final class BundleStage {
  /** Messages that a bundle may hold. */
  static final int MAX_MESSAGES = 1_000_000;

  /** A message and the number its errors are reported under. */
  record Item(int xid, OfMessage message) {}

  private final int flags;
  private final List<Item> items = new ArrayList<>();

  /** How many flow mods there are of each command. */
  private final int[] commands = new int[FlowMod.Command.values().length];

  private final int xid;
  private volatile long usedNs;
  private volatile long bytes;
  private boolean closed;

  /** A bundle that message {@code xid} began. */
  BundleStage(int flags, int xid, long nowNs) {
    this.flags = flags;
    this.xid = xid;
    this.usedNs = nowNs;
  }

  /** The number of the message that began it. */
  int xid() {
    return xid;
  }

  /** The message that began it, or one to the same effect. */
  OfMessage opening(int id) {
    return new OfMessage.BundleControl(id, OfMessage.BundleControl.Type.OPEN_REQUEST, flags);
  }

  /** When it was last asked for something. Any thread. */
  long usedNs() {
    return usedNs;
  }

  void use(long nowNs) {
    usedNs = nowNs;
  }

  int flags() {
    return flags;
  }

  /** Takes one more message of {@code length} bytes. */
  void add(Item item, int length) {
    long before = bytes;
    items.add(item);
    if (item.message() instanceof FlowMod mod) {
      commands[mod.command().ordinal()]++;
    }
    bytes = before + length;
  }

  /** What its messages had on their way here. Any thread. */
  long bytes() {
    return bytes;
  }

  List<Item> items() {
    return items;
  }

  /** Shows which commands its flow mods have, and how many have each. */
  void forEachCommand(ObjIntConsumer<FlowMod.Command> visitor) {
    for (FlowMod.Command command : FlowMod.Command.values()) {
      if (commands[command.ordinal()] > 0) {
        visitor.accept(command, commands[command.ordinal()]);
      }
    }
  }

  boolean isClosed() {
    return closed;
  }

  void close() {
    closed = true;
  }
}
