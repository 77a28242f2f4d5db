package org.sluice.openflow.action;

import java.util.List;

/**
 * Adds or changes a rule, made from the packet in hand.
 *
 * @param timeouts of the new rule
 * @param flags {@link #SEND_FLOW_REMOVED}, {@link #DELETE_LEARNED}, {@link #WRITE_RESULT}
 * @param limit how many rules with this table and cookie there may be; 0 = any number
 * @param result a bit that is set when the limit allowed the rule; null where nobody asks
 */
public record Learn(
    Timeouts timeouts,
    int priority,
    long cookie,
    int flags,
    int table,
    int limit,
    FieldSlice result,
    List<Spec> specs)
    implements OfAction {
  public static final int SEND_FLOW_REMOVED = 1;
  public static final int DELETE_LEARNED = 2;
  public static final int WRITE_RESULT = 4;

  /** Not on the wire: it came in the form that has room for a limit. */
  public static final int EXTENDED = 1 << 16;

  /** The priority of a learned rule where nothing is said. */
  public static final int DEFAULT_PRIORITY = 0x8000;

  public Learn {
    specs = List.copyOf(specs);
  }

  /** Seconds after which the new rule goes: unused, at all, and once a TCP FIN or RST was seen. */
  public record Timeouts(int idleS, int hardS, int finIdleS, int finHardS) {
    /** Never. */
    public static final Timeouts NONE = new Timeouts(0, 0, 0, 0);
  }

  /** One part of the new rule. */
  public sealed interface Spec {}

  /** The new rule matches {@code target} against the value of {@code source} now. */
  public record MatchOn(FieldSlice target, Source source) implements Spec {}

  /** The new rule loads the value of {@code source} now into {@code target}. */
  public record LoadInto(FieldSlice target, Source source) implements Spec {}

  /** The new rule outputs to the port that {@code source} holds now. */
  public record OutputTo(FieldSlice source) implements Spec {}

  /** Where a value comes from. */
  public sealed interface Source {}

  /** The packet's own field. */
  public record FromField(FieldSlice slice) implements Source {}

  /** A constant. */
  public record Constant(long high, long low) implements Source {}
}
