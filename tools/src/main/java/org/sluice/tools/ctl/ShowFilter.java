package org.sluice.tools.ctl;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The {@code --filter} of {@code show}: {@code TABLE(TEXT|TEXT...),...} leaves out rows of a table
 * in which, with all that hangs on them, none of its texts occurs; texts without a table count for
 * the outermost one. Immutable.
 */
final class ShowFilter {
  private final Map<String, Set<String>> texts;

  private ShowFilter(Map<String, Set<String>> texts) {
    this.texts = texts;
  }

  /** Reads a filter; null lets everything through. */
  static ShowFilter parse(String filter, String outermost, Names names) {
    Map<String, Set<String>> texts = new HashMap<>();
    for (String item : parts(filter == null ? "" : filter, ",")) {
      int open = item.indexOf('(');
      if (open >= 0 && !item.endsWith(")")) {
        throw new CtlFailure("Malformed filter: missing closing ')'");
      }
      String table = open < 0 ? outermost : names.table(item.substring(0, open)).name();
      String values = open < 0 ? item : item.substring(open + 1, item.length() - 1);
      texts.computeIfAbsent(table, _ -> new HashSet<>()).addAll(parts(values, "|"));
    }
    return new ShowFilter(texts);
  }

  private static List<String> parts(String text, String separator) {
    return Arrays.stream(text.split("\\" + separator, -1))
        .map(part -> part.toLowerCase(Locale.ROOT))
        .filter(part -> !part.isEmpty())
        .toList();
  }

  /** Takes a row of {@code table}, shown from {@code start} on, back if it does not match. */
  void apply(String table, StringBuilder out, int start) {
    Set<String> wanted = texts.get(table);
    if (wanted != null) {
      String shown = out.substring(start).toLowerCase(Locale.ROOT);
      if (wanted.stream().noneMatch(shown::contains)) {
        out.setLength(start);
      }
    }
  }
}
