package org.sluice.vswitchd.translate;

import java.util.ArrayList;
import java.util.List;

/** A line of a trace and what happened below it. Belongs to the thread that traces. */
final class TraceNode {
  /** What a line is about. */
  enum Type {
    BRIDGE(false),
    TABLE(false),
    BUCKET(false),
    THAW(false),
    ACTION(true),
    DETAIL(true),
    WARN(true),
    ERROR(true);

    private final boolean terminal;

    Type(boolean terminal) {
      this.terminal = terminal;
    }
  }

  private static final int INDENT = 4;

  private final Type type;
  private final String text;
  private final List<TraceNode> below = new ArrayList<>();

  TraceNode(Type type, String text) {
    this.type = type;
    this.text = text;
  }

  /** The node that holds all others. */
  static TraceNode root() {
    return new TraceNode(Type.BRIDGE, "");
  }

  TraceNode add(Type childType, String childText) {
    TraceNode node = new TraceNode(childType, childText);
    below.add(node);
    return node;
  }

  /** The lines below this node. */
  String text() {
    StringBuilder out = new StringBuilder();
    print(out, this, 0);
    return out.toString();
  }

  private static void print(StringBuilder out, TraceNode parent, int level) {
    TraceNode last = parent.below.isEmpty() ? null : parent.below.getLast();
    for (TraceNode node : parent.below) {
      // The last branch of a walk stays at its parent's column, so that long pipelines do not
      // wander off to the right.
      int more = node != last || node.type.terminal ? 1 : 0;
      node.printLine(out, (level + more) * INDENT);
      print(out, node, level + 2 * more);
    }
  }

  private void printLine(StringBuilder out, int column) {
    if (type == Type.BRIDGE) {
      out.append('\n');
    }
    out.repeat(' ', column);
    switch (type) {
      case DETAIL -> out.append(" -> ").append(text);
      case WARN -> out.append(" >> ").append(text);
      case ERROR -> out.append(" >>>> ").append(text).append(" <<<<");
      case BRIDGE -> out.append(text).append('\n').repeat(' ', column).repeat('-', text.length());
      case TABLE, BUCKET, THAW, ACTION -> out.append(text);
    }
    out.append('\n');
  }
}
