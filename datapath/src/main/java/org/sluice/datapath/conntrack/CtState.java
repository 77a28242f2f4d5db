package org.sluice.datapath.conntrack;

import org.sluice.datapath.conntrack.table.ConnectionRecord;

/** The bits of {@code ct_state}, as OpenFlow numbers them. */
public final class CtState {
  /** Starts a connection that is not known, or not answered, yet. */
  public static final int NEW = 0x01;

  /** Part of a connection that both sides take part in. */
  public static final int ESTABLISHED = 0x02;

  /** Belongs to a connection that another one announced, or is an ICMP error about one. */
  public static final int RELATED = 0x04;

  /** Travels against the direction the connection was opened in. */
  public static final int REPLY = 0x08;

  /** Fits no connection and may start none. */
  public static final int INVALID = 0x10;

  /** Went through tracking. */
  public static final int TRACKED = 0x20;

  /** Its source was translated. */
  public static final int SOURCE_NAT = 0x40;

  /** Its destination was translated. */
  public static final int DESTINATION_NAT = 0x80;

  /** Either of its ends was translated. */
  static final int TRANSLATED = SOURCE_NAT | DESTINATION_NAT;

  private static final String[] NAMES = {"new", "est", "rel", "rpl", "inv", "trk", "snat", "dnat"};

  private CtState() {}

  /** The bits for a record's flags of the same meaning. */
  static int translated(int ends) {
    assert ConnectionRecord.SOURCE_NAT << 2 == SOURCE_NAT
        && ConnectionRecord.DESTINATION_NAT << 2 == DESTINATION_NAT;
    return ends << 2;
  }

  /** {@link #RELATED} for a record's flags, if it was announced. */
  static int related(int flags) {
    return (flags & ConnectionRecord.RELATED) != 0 ? RELATED : 0;
  }

  /** The set bits' names joined by {@code |}, as {@code est|rpl|trk}; {@code 0} for none. */
  public static String text(int state) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < NAMES.length; bit++) {
      if ((state & 1 << bit) != 0) {
        text.append(text.isEmpty() ? "" : "|").append(NAMES[bit]);
      }
    }
    return text.isEmpty() ? "0" : text.toString();
  }

  /** The bit called {@code name}; 0 if there is none of that name. */
  public static int named(String name) {
    for (int bit = 0; bit < NAMES.length; bit++) {
      if (NAMES[bit].equals(name)) {
        return 1 << bit;
      }
    }
    return 0;
  }
}
