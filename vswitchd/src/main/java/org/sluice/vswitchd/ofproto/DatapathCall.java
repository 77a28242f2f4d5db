package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;

/**
 * What a {@code dpctl/} command is called with.
 *
 * @param more whether the answer may say more than usual ({@code -m})
 * @param statistics whether it includes statistics ({@code -s})
 * @param words the arguments behind options and the datapath's name, which may be left out
 */
record DatapathCall(boolean more, boolean statistics, List<String> words) {
  DatapathCall {
    words = List.copyOf(words);
  }

  /** The last word, if it begins with {@code key}; null if not. */
  String last(String key) {
    boolean isThere = !words.isEmpty() && words.getLast().startsWith(key);
    return isThere ? words.getLast() : null;
  }

  /** The same with {@code more} where words begin with {@code key}, which are taken off. */
  DatapathCall withMoreIf(String key) {
    List<String> others = new ArrayList<>(words);
    boolean isAsked = others.removeIf(word -> word.startsWith(key));
    return new DatapathCall(more || isAsked, statistics, others);
  }
}
