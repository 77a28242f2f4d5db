package org.sluice.openflow.text;

import java.util.Locale;
import org.sluice.openflow.message.GroupMod;

/** Group numbers, of which two have names. */
final class GroupText {
  private GroupText() {}

  /** The group that {@code text} means, as an unsigned number; -1 for none. */
  static long number(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "any" -> GroupMod.ANY & 0xffff_ffffL;
      case "all" -> GroupMod.ALL & 0xffff_ffffL;
      default -> {
        long number = Numbers.decimal(text);
        yield number > 0xffff_ffffL ? -1 : number;
      }
    };
  }
}
