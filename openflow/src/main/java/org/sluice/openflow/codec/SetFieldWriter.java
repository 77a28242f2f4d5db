package org.sluice.openflow.codec;

import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.FieldSlice;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OptionBits;
import org.sluice.openflow.message.OfVersion;

/**
 * Writes {@code set_field} and {@code load}: from 1.5 on always as set-field, from 1.2 on as
 * set-field where all of the field is set, else as Nicira's load or the modify actions of 1.0.
 */
final class SetFieldWriter {
  private static final int SET_FIELD = 25;

  private final WireWriter out;
  private final OfVersion version;
  private final NiciraActionWriter nicira;

  SetFieldWriter(WireWriter out, OfVersion version, NiciraActionWriter nicira) {
    this.out = out;
    this.version = version;
    this.nicira = nicira;
  }

  /** Sets all of a field of at most 64 bits by the standard action. */
  void writeStandard(Field field, long value) {
    writeStandard(OfAction.SetField.exact(field, 0, value));
  }

  private void writeStandard(OfAction.SetField set) {
    int start = startStandard();
    writeEntry(set, version);
    out.pad8(start);
    out.setLength(start);
  }

  private int startStandard() {
    int start = out.size();
    out.u16(SET_FIELD).u16(0);
    return start;
  }

  private void writeEntry(OfAction.SetField set, OfVersion headerVersion) {
    if (set.isExact()) {
      Oxm.writeExact(out, set.field(), headerVersion, set.high(), set.low());
    } else {
      Oxm.writeMasked(
          out,
          set.field(),
          headerVersion,
          new Oxm.FieldBits(set.high(), set.low()),
          new Oxm.FieldBits(set.maskHigh(), set.maskLow()));
    }
  }

  void write(OfAction.SetField set, boolean tagged) {
    if (version.isAtLeast(OfVersion.OF15)) {
      writeStandard(set);
    } else if (version.isBefore(OfVersion.OF12)) {
      writeOld(set, tagged);
    } else if (set.isExact()) {
      writeStandard(set);
    } else {
      writeNicira(set);
    }
  }

  void write(OfAction.SetOption set) {
    boolean exact = set.bits().mask() == null;
    writeOption(set.option(), set.bits(), exact ? OfVersion.OF12 : OfVersion.OF15);
  }

  /** By the standard action where the version has that for it: from {@code standard} on. */
  private void writeOption(Field option, OptionBits bits, OfVersion standard) {
    int start =
        version.isAtLeast(standard)
            ? startStandard()
            : nicira.start(NiciraActionWriter.REG_LOAD2, 0);
    Oxm.writeOption(out, option, bits);
    out.pad8(start);
    out.setLength(start);
  }

  void write(OfAction.RegLoad load) {
    FieldSlice target = load.target();
    if (target.field().isOption()) {
      OptionBits bits = OptionBits.of(target, load.high(), load.low());
      writeOption(target.field(), bits, OfVersion.OF15);
      return;
    }
    OfAction.SetField set =
        new OfAction.SetField(
            target.field(),
            target.shiftedHigh(load.high(), load.low()),
            target.shiftedLow(load.low()),
            target.maskHigh(),
            target.maskLow());
    if (version.isAtLeast(OfVersion.OF15)) {
      writeStandard(set);
    } else {
      writeNicira(set);
    }
  }

  private void writeNicira(OfAction.SetField set) {
    if (!Oxm.has32BitId(set.field())) {
      int start = nicira.start(NiciraActionWriter.REG_LOAD2, 0);
      writeEntry(set, null);
      out.pad8(start);
      out.setLength(start);
      return;
    }
    int bits = set.field().bits();
    int bit = 0;
    while (bit < bits) {
      int end = bit;
      while (end < bits && end - bit < Long.SIZE && isMasked(set, end)) {
        end++;
      }
      if (end > bit) {
        FieldSlice slice = new FieldSlice(set.field(), bit, end - bit);
        nicira.writeLoad(slice, bits(set, slice));
      }
      bit = Math.max(end, bit + 1);
    }
  }

  private static boolean isMasked(OfAction.SetField set, int bit) {
    long word = bit >= Long.SIZE ? set.maskHigh() : set.maskLow();
    return (word >>> (bit & 63) & 1) != 0;
  }

  private static long bits(OfAction.SetField set, FieldSlice slice) {
    int start = slice.start();
    long value =
        start >= Long.SIZE
            ? set.high() >>> (start - Long.SIZE)
            : start == 0 ? set.low() : set.low() >>> start | set.high() << (Long.SIZE - start);
    return slice.bits() == Long.SIZE ? value : value & ((1L << slice.bits()) - 1);
  }

  /** As the modify actions of 1.0 and 1.1 where there is one for the field. */
  private void writeOld(OfAction.SetField set, boolean tagged) {
    boolean of10 = version == OfVersion.OF10;
    int shift = of10 ? 1 : 0;
    long value = set.low();
    switch (set.field()) {
      case VLAN_VID -> number(1, value & 0xfff, 2);
      case VLAN_PCP -> number(2, value, 1);
      case VLAN_TCI -> writeTci((int) value, tagged);
      case ETH_SRC -> mac(3 + shift, value);
      case ETH_DST -> mac(4 + shift, value);
      case IP_SRC -> number(5 + shift, value, 4);
      case IP_DST -> number(6 + shift, value, 4);
      case NW_TOS -> number(7 + shift, value, 1);
      case IP_DSCP -> number(7 + shift, value << 2, 1);
      case TCP_SRC, UDP_SRC -> number(9, value, 2);
      case TCP_DST, UDP_DST -> number(10, value, 2);
      case NW_ECN -> {
        if (of10) {
          writeNicira(set);
        } else {
          number(8, value, 1);
        }
      }
      default -> writeNicira(set);
    }
  }

  private void writeTci(int tci, boolean tagged) {
    boolean of10 = version == OfVersion.OF10;
    if ((tci & 0x1000) == 0) {
      number(of10 ? 3 : 18, 0, 0);
      return;
    }
    if (!of10 && !tagged) {
      number(17, 0x8100, 2);
    }
    number(1, tci & 0xfff, 2);
    number(2, tci >>> 13, 1);
  }

  private void number(int type, long value, int bytes) {
    out.u16(type).u16(8).uint(value, bytes).zeros(4 - bytes);
  }

  private void mac(int type, long value) {
    out.u16(type).u16(16).mac(value).zeros(6);
  }
}
