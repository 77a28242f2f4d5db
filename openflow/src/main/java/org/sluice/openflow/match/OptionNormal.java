package org.sluice.openflow.match;

import java.math.BigInteger;
import java.util.Arrays;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowMask;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.openflow.action.OptionBits;

/**
 * Gives tunnel options that say the same the same form, whatever lengths they are written in: those
 * that a switch tells have the lengths of its table, those of a file as many bytes as they need.
 */
public final class OptionNormal {
  private OptionNormal() {}

  /** The normal form; {@code match} itself where it asks for no option. */
  public static Match of(Match match) {
    if (match.options().fields().isEmpty()) {
      return match;
    }
    MatchBuilder normal = new MatchBuilder(withoutOptions(match));
    for (Field option : match.options().fields()) {
      if (match.touches(option)) {
        boolean fits = normal.set(option, shortest(match, option));
        assert fits : "it takes no more than it did";
      }
    }
    return normal.build();
  }

  private static OptionBits shortest(Match match, Field option) {
    BigInteger value = new BigInteger(1, match.option(option));
    byte[] mask = match.optionMask(option);
    boolean whole = !match.options().isOpen(option) && OptionBits.isAllOnes(mask);
    return whole ? OptionBits.exact(value) : OptionBits.masked(value, new BigInteger(1, mask));
  }

  private static Match withoutOptions(Match match) {
    FlowKey key = match.key();
    FlowMask mask = match.mask();
    Arrays.fill(key.words(), Word.TUN_OPTIONS, Word.NSH, 0);
    Arrays.fill(mask.words(), Word.TUN_OPTIONS, Word.NSH, 0);
    return new Match(key, mask);
  }
}
