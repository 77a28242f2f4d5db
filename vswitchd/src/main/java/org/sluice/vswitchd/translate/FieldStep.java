package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OptionBits;

/**
 * Actions that read and write fields. A bit that is written counts as looked at, as a bit that is
 * read does: whether it changes, and so whether a datapath action is needed, depends on it.
 */
final class FieldStep {
  private final Walk walk;
  private final FlowKey key;
  private final FlowMask mask;

  FieldStep(Walk walk) {
    this.walk = walk;
    this.key = walk.key;
    this.mask = walk.mask;
  }

  /** Sets a field's bits under a mask, if the packet has the field. */
  void set(OfAction.SetField action) {
    Field field = action.field();
    if (!present(field)) {
      walk.trace.warn("unmet prerequisites for " + field.text() + ", set_field ignored");
      return;
    }
    coverProtocol(field);
    cover(field, action.maskHigh(), action.maskLow());
    long high = (key.getHigh(field) & ~action.maskHigh()) | (action.high() & action.maskHigh());
    long low = (key.get(field) & ~action.maskLow()) | (action.low() & action.maskLow());
    write(field, high, low);
  }

  /** Sets bits of a tunnel option, which is there from then on. */
  void set(OfAction.SetOption action) {
    Field option = action.option();
    OptionLayout layout = key.options();
    byte[] bits = layout.get(mask, option);
    byte[] value = layout.get(key, option);
    overlay(action.bits(), value, bits);
    layout.set(mask, option, bits);
    layout.set(key, option, value);
  }

  private static void overlay(OptionBits from, byte[] value, byte[] covered) {
    for (int i = 1; i <= value.length; i++) {
      int at = from.value().size() - i;
      int wanted = from.mask() == null ? 0xff : at < 0 ? 0 : from.mask().get(at);
      int octet = at < 0 ? 0 : from.value().get(at);
      int to = value.length - i;
      value[to] = (byte) ((value[to] & ~wanted) | (octet & wanted));
      covered[to] |= (byte) wanted;
    }
  }

  /** Takes a tunnel option from the packet. */
  void delete(Field option) {
    mask.cover(option);
    key.options().remove(key, option);
  }

  /** Sets consecutive bits of a field. */
  void load(OfAction.RegLoad action) {
    FieldSlice target = action.target();
    set(
        new OfAction.SetField(
            target.field(),
            target.shiftedHigh(action.high(), action.low()),
            target.shiftedLow(action.low()),
            target.maskHigh(),
            target.maskLow()));
  }

  /** Copies bits, if the packet has both fields. */
  void move(OfAction.Move action) {
    FieldSlice source = action.source();
    FieldSlice target = action.target();
    if (present(target.field()) && present(source.field())) {
      coverProtocol(target.field());
      cover(target);
      cover(source);
      store(target, source.readHigh(key), source.read(key));
      report(target);
    }
  }

  /** Saves bits on the stack. */
  void push(OfAction.StackPush action) {
    FieldSlice source = action.source();
    cover(source);
    walk.stack.push(
        new FrozenState.StackValue(source.readHigh(key), source.read(key), source.bits()));
  }

  /** Takes bits from the stack, if there are any. */
  void pop(OfAction.StackPop action) {
    FieldSlice target = action.target();
    FrozenState.StackValue value = walk.stack.poll();
    if (value == null) {
      walk.trace.warn("stack underflow");
      return;
    }
    coverProtocol(target.field());
    cover(target);
    store(target, value.high(), value.low());
    report(target);
  }

  /** Writes all of a field that is known to be there. */
  void assign(Field field, long value) {
    mask.cover(field);
    write(field, 0, value);
  }

  /** As {@link #assign}, for a field of the network header: needs its protocol too. */
  void assignNetwork(Field field, long value) {
    mask.cover(Field.NW_PROTO);
    assign(field, value);
  }

  /** Writes a slice and covers it. */
  void assign(FieldSlice target, long value) {
    cover(target);
    store(target, 0, value);
  }

  /** Covers a slice that is read. */
  void cover(FieldSlice slice) {
    cover(slice, mask);
  }

  private static void cover(FieldSlice slice, FlowMask mask) {
    cover(slice.field(), slice.maskHigh(), slice.maskLow(), mask);
  }

  /** Covers in {@code read} what {@code actions} read of fields that they may write as well. */
  static void coverSources(List<OfAction> actions, FlowMask read) {
    for (OfAction action : actions) {
      switch (action) {
        case OfAction.Move move -> cover(move.source(), read);
        case OfAction.StackPush push -> cover(push.source(), read);
        default -> {}
      }
    }
  }

  private boolean present(Field field) {
    return field.isOption() ? key.options().has(field) : Protocols.has(key, field, mask);
  }

  private void cover(Field field, long maskHigh, long maskLow) {
    cover(field, maskHigh, maskLow, mask);
  }

  private static void cover(Field field, long maskHigh, long maskLow, FlowMask mask) {
    mask.set(field, mask.getHigh(field) | maskHigh, mask.get(field) | maskLow);
    if (field == Field.VLAN_VID || field == Field.DL_VLAN) {
      mask.set(Field.VLAN_TCI, mask.get(Field.VLAN_TCI) | Protocols.TCI_PRESENT);
    }
  }

  /** A network header that is rewritten is not there at all unless its protocol is known. */
  private void coverProtocol(Field field) {
    switch (field.prerequisite()) {
      case IPV4, IPV6, IP -> mask.cover(Field.NW_PROTO);
      case ARP -> mask.cover(Field.ARP_OP);
      default -> {}
    }
  }

  private void store(FieldSlice target, long high, long low) {
    FlowKey changed = key.copy();
    target.write(changed, high, low);
    write(target.field(), changed.getHigh(target.field()), changed.get(target.field()));
  }

  private void write(Field field, long high, long low) {
    switch (field) {
      case VLAN_TCI -> VlanTags.setTci(key, (int) low & 0xffff);
      case VLAN_VID, DL_VLAN -> setTciBits(0x0fff, (int) low);
      case VLAN_PCP, DL_VLAN_PCP -> setTciBits(0xe000, (int) low << 13);
      default -> key.set(field, high, low);
    }
  }

  private void setTciBits(int bits, int value) {
    int tci = (int) key.get(Field.VLAN_TCI);
    VlanTags.setTci(key, (tci & ~bits) | (value & bits) | Protocols.TCI_PRESENT);
  }

  private void report(FieldSlice target) {
    if (walk.trace.isOn()) {
      walk.trace.detail(TraceText.slice(target) + " is now " + TraceText.value(target, key));
    }
  }
}
