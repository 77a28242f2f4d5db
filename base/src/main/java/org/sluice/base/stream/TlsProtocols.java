package org.sluice.base.stream;

import java.util.List;
import org.sluice.base.log.Vlog;

/**
 * Which versions of TLS may be spoken, in OVS's notation: a list that is widened to a range, a
 * range, or one and later. Immutable.
 */
record TlsProtocols(int min, int max) {
  private static final List<String> NAMES = List.of("TLSv1.2", "TLSv1.3");

  /** Everything that is not broken. */
  static final TlsProtocols ALL = new TlsProtocols(0, NAMES.size() - 1);

  /** Reads the notation; what is wrong is logged, and means {@link #ALL}. */
  static TlsProtocols parse(String text, Vlog log) {
    if (text == null || text.isBlank()) {
      return ALL;
    }
    TlsProtocols range = null;
    try {
      range = text.endsWith("+") ? from(text) : text.contains("-") ? range(text) : list(text);
    } catch (IllegalArgumentException e) {
      log.err("%s", e.getMessage());
      log.err("SSL/TLS protocol settings invalid");
      return ALL;
    }
    boolean open = text.endsWith("+");
    log.dbg(
        "Enabled protocol range: %s%s",
        NAMES.get(range.min), open ? " or later" : " - " + NAMES.get(range.max));
    return range;
  }

  private static TlsProtocols from(String text) {
    return new TlsProtocols(index(text.substring(0, text.length() - 1)), NAMES.size() - 1);
  }

  private static TlsProtocols range(String text) {
    String[] ends = text.split("-", -1);
    if (ends.length != 2) {
      throw unknown(text);
    }
    int a = index(ends[0]);
    int b = index(ends[1]);
    return new TlsProtocols(Math.min(a, b), Math.max(a, b));
  }

  private static TlsProtocols list(String text) {
    int min = NAMES.size();
    int max = -1;
    for (String word : text.strip().split("[ ,\t]+", -1)) {
      int index = index(word);
      min = Math.min(min, index);
      max = Math.max(max, index);
    }
    return new TlsProtocols(min, max);
  }

  private static int index(String word) {
    int index = NAMES.indexOf(word);
    if (index < 0) {
      throw unknown(word);
    }
    return index;
  }

  private static IllegalArgumentException unknown(String word) {
    return new IllegalArgumentException(word + ": SSL/TLS protocol not recognized");
  }

  String[] names() {
    return NAMES.subList(min, max + 1).toArray(String[]::new);
  }
}
