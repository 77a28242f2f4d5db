package org.sluice.openflow.text;

import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OptionBits;
import org.sluice.openflow.match.MatchBuilder;

/** What text says of a tunnel option, such as {@code tun_metadata0=0x12/0xff}. */
final class OptionText {
  private static final OptionBits WILD = new OptionBits(Bytes.EMPTY, Bytes.EMPTY);

  private OptionText() {}

  /** The bits; of no text, that the option is there, whatever it has. */
  static OptionBits parse(Field option, String text) throws OfSyntaxException {
    if (text.isEmpty() || text.equals("*")) {
      return WILD;
    }
    Numbers.Masked number = FieldText.parseNumbers(option, text);
    return number.mask() == null
        ? OptionBits.exact(number.value().unsigned())
        : OptionBits.masked(number.value().unsigned(), number.mask().unsigned());
  }

  /** Has {@code match} ask for what {@code text} says of the option. */
  static void put(MatchBuilder match, Field option, String text) throws OfSyntaxException {
    put(match, option, parse(option, text));
  }

  static void put(MatchBuilder match, Field option, OptionBits bits) throws OfSyntaxException {
    if (match.touches(option)) {
      throw new OfSyntaxException("field " + option.text() + " set multiple times");
    }
    OptionLayout before = match.mask().options();
    if (!match.set(option, bits)) {
      throw new OfSyntaxException(
          "field %s exceeds maximum size for tunnel metadata (used %d, max %d)"
              .formatted(
                  option.text(),
                  before.takenBytes() + OptionLayout.wholeUnits(bits.value().size()),
                  OptionLayout.MAX_BYTES));
    }
  }
}
