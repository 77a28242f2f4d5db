package org.sluice.openflow.print;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.sluice.datapath.flow.Field;

/**
 * Names of fields in short: {@code reg0...reg15 ip_{src,dst}}. Names that differ in a last number
 * only and count up make a run; names that begin alike up to an underscore are put in braces, where
 * that takes more of them.
 */
final class FieldNames {
  private FieldNames() {}

  /** A space and the names in the field table's order; nothing for no field. */
  static String format(Set<Field> fields) {
    List<String> names = new ArrayList<>();
    for (Field field : Field.values()) {
      if (fields.contains(field)) {
        names.add(field.text());
      }
    }
    StringBuilder out = new StringBuilder();
    if (!names.isEmpty()) {
      out.append(' ');
      add(out, names, 0);
    }
    return out.toString();
  }

  private static void add(StringBuilder out, List<String> names, int prefix) {
    int at = 0;
    while (at < names.size()) {
      List<String> rest = names.subList(at, names.size());
      if (at > 0) {
        out.append(prefix > 0 ? ',' : ' ');
      }
      int numbered = numberedRun(rest);
      int alike = alikeRun(rest, prefix);
      if (numbered >= alike) {
        out.append(rest.get(0), prefix, rest.get(0).length());
        if (numbered > 1) {
          String last = rest.get(numbered - 1);
          out.append("...").append(last, prefix, last.length());
        }
        at += numbered;
      } else {
        int common = commonPrefix(rest.subList(0, alike), prefix);
        out.append(rest.get(0), prefix, prefix + common).append('{');
        add(out, rest.subList(0, alike), prefix + common);
        out.append('}');
        at += alike;
      }
    }
  }

  /** How many count up from the first; two do not make a run. */
  private static int numberedRun(List<String> names) {
    int count = 1;
    while (count < names.size() && areSequential(names.get(count - 1), names.get(count))) {
      count++;
    }
    return count == 2 ? 1 : count;
  }

  private static boolean areSequential(String a, String b) {
    int digits = a.length();
    while (digits > 0 && Character.isDigit(a.charAt(digits - 1))) {
      digits--;
    }
    return digits < a.length()
        && b.equals(a.substring(0, digits) + (Integer.parseInt(a.substring(digits)) + 1));
  }

  private static int alikeRun(List<String> names, int prefix) {
    int count = 1;
    while (count < names.size() && commonPrefix(names.get(0), names.get(count), prefix) > 0) {
      count++;
    }
    return count;
  }

  private static int commonPrefix(List<String> names, int prefix) {
    int common = Integer.MAX_VALUE;
    for (String name : names.subList(1, names.size())) {
      common = Math.min(common, commonPrefix(names.get(0), name, prefix));
    }
    return common;
  }

  /** Characters behind {@code prefix} that are the same up to and with an underscore. */
  private static int commonPrefix(String a, String b, int prefix) {
    int common = 0;
    for (int i = prefix; i < Math.min(a.length(), b.length()); i++) {
      if (a.charAt(i) != b.charAt(i)) {
        break;
      }
      if (a.charAt(i) == '_') {
        common = i + 1 - prefix;
      }
    }
    return common;
  }
}
