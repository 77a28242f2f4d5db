package org.sluice.openflow.text;

import org.sluice.openflow.action.Bytes;

/** Bytes as hexadecimal digits, with or without dots between them. */
final class HexText {
  private HexText() {}

  static Bytes parse(String text, String problem) throws OfSyntaxException {
    String digits = text.replace(".", "").replace(" ", "");
    if (digits.length() % 2 != 0 || !digits.matches("[0-9a-fA-F]*")) {
      throw new OfSyntaxException(problem);
    }
    return Bytes.ofHex(digits);
  }
}
