package org.sluice.vswitchd.translate;

import java.util.function.Supplier;
import org.sluice.openflow.text.Names;

/**
 * Takes down what a translation does, for people; or nothing at all. Texts are made only where they
 * are kept. Belongs to the translating thread.
 */
final class TraceLog {
  private final TraceNode root;
  private final boolean namesPorts;
  private final boolean withEffects;
  private TraceNode current;

  private TraceLog(TraceNode root, boolean namesPorts, boolean withEffects) {
    this.root = root;
    this.namesPorts = namesPorts;
    this.withEffects = withEffects;
    this.current = root;
  }

  /** Takes nothing down. */
  static TraceLog off() {
    return new TraceLog(null, false, true);
  }

  /**
   * Takes everything down, with the names of ports where {@code namesPorts}; the packet is only
   * thought of, unless it {@code teaches}.
   */
  static TraceLog on(boolean namesPorts, boolean teaches) {
    return new TraceLog(TraceNode.root(), namesPorts, teaches);
  }

  /** Whether effects are wanted. */
  boolean withEffects() {
    return withEffects;
  }

  /** What the ports of {@code bridge} are called in it. */
  Names names(BridgeView bridge) {
    return namesPorts ? TraceText.names(bridge) : Names.NONE;
  }

  boolean isOn() {
    return root != null;
  }

  /** All lines so far. */
  String text() {
    return root.text();
  }

  /** Opens a level; what follows lies below it until {@link #leave}. */
  TraceNode enter(TraceNode.Type type, Supplier<String> text) {
    TraceNode outer = current;
    if (isOn()) {
      current = current.add(type, text.get());
    }
    return outer;
  }

  /** Goes back to the level that {@link #enter} answered. */
  void leave(TraceNode outer) {
    current = outer;
  }

  void add(TraceNode.Type type, Supplier<String> text) {
    if (isOn()) {
      current.add(type, text.get());
    }
  }

  void action(Supplier<String> text) {
    add(TraceNode.Type.ACTION, text);
  }

  void detail(String text) {
    if (isOn()) {
      current.add(TraceNode.Type.DETAIL, text);
    }
  }

  void warn(String text) {
    if (isOn()) {
      current.add(TraceNode.Type.WARN, text);
    }
  }

  void error(String text) {
    if (isOn()) {
      current.add(TraceNode.Type.ERROR, text);
    }
  }
}
