package org.sluice.openflow.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import org.sluice.openflow.text.Colors.Ink;

/**
 * Gives the words of matches and actions the colours that {@code ovs-ofctl --color} shows them in.
 * Works on the finished text, so that nobody pays for it who wants none. Immutable.
 */
final class Painter {
  private static final Set<String> SPECIAL_WORDS = Set.of("exit", "dec_nsh_ttl");
  private static final Set<String> VALUE_WORDS =
      Set.of(
          "ct_clear",
          "pop_queue",
          "clear_actions",
          "dec_mpls_ttl",
          "strip_vlan",
          "pop_vlan",
          "pause",
          "commit",
          "force",
          "persistent",
          "hash",
          "random",
          "send_flow_rem",
          "delete_learned");
  private static final Set<String> PARAMETER_WORDS = Set.of("ingress", "egress", "src", "dst");
  private static final Set<String> PARENTHESIS_WORDS = Set.of("dec_ttl", "nat");
  private static final Set<String> SPECIAL_VERBS =
      Set.of("output", "group", "resubmit", "move", "load", "set_field", "CONTROLLER");
  private static final Set<String> SPECIAL_NAMES = Set.of("table", "priority");

  private final Colors colors;

  Painter(Colors colors) {
    this.colors = colors;
  }

  Colors colors() {
    return colors;
  }

  boolean isIdle() {
    return colors.isNone();
  }

  String paint(Ink ink, String text) {
    return colors.paint(ink, text);
  }

  /** A match, or what of it stands before {@code actions=}. */
  String match(String text) {
    return isIdle() ? text : each(text, this::matchItem);
  }

  private String matchItem(String item) {
    int equals = item.indexOf('=');
    if (equals < 0) {
      return item.isEmpty() ? item : paint(Ink.VALUE, item);
    }
    if (item.startsWith("conj_id=")) {
      return paint(Ink.PARAMETER, "conj_id") + item.substring(equals);
    }
    return item.startsWith("packet_type=") ? item : named(item, equals + 1);
  }

  private String named(String item, int valueAt) {
    String name = item.substring(0, valueAt - 1);
    Ink ink = SPECIAL_NAMES.contains(name) ? Ink.SPECIAL : Ink.PARAMETER;
    return paint(ink, item.substring(0, valueAt)) + item.substring(valueAt);
  }

  /** An action without others in it. */
  String action(String text) {
    if (isIdle()) {
      return text;
    }
    int end = 0;
    while (end < text.length() && ":(=".indexOf(text.charAt(end)) < 0) {
      end++;
    }
    String verb = text.substring(0, end);
    if (end == text.length()) {
      return word(verb);
    }
    return text.charAt(end) == ':' ? verb(verb, text, end + 1) : call(verb, text, end + 1);
  }

  private String word(String word) {
    if (SPECIAL_WORDS.contains(word)) {
      return paint(Ink.SPECIAL, word);
    }
    if (VALUE_WORDS.contains(word)) {
      return paint(Ink.VALUE, word);
    }
    if (PARAMETER_WORDS.contains(word)) {
      return paint(Ink.PARAMETER, word);
    }
    return PARENTHESIS_WORDS.contains(word) ? paint(Ink.PARENTHESIS, word) : word;
  }

  private String verb(String verb, String text, int restAt) {
    String rest = text.substring(restAt);
    if (!SPECIAL_VERBS.contains(verb)) {
      return paint(Ink.PARAMETER, verb + ":") + rest;
    }
    String arrow = rest.replace("->", paint(Ink.SPECIAL, "->"));
    return paint(Ink.SPECIAL, verb + ":") + arrow;
  }

  private String call(String verb, String text, int restAt) {
    String rest = text.substring(restAt);
    return switch (verb) {
      case "output" -> paint(Ink.SPECIAL, verb) + text.substring(restAt - 1);
      case "check_pkt_larger" -> paint(Ink.PARAMETER, verb + "(") + rest;
      case "dec_ttl", "nat" -> paint(Ink.PARENTHESIS, verb) + closed("(", rest, this::argument);
      case "encap" -> closed("encap(", rest, this::header);
      case "learn" -> learn(rest);
      case "controller", "sample", "fin_timeout", "bundle", "bundle_load" ->
          closed(verb + "(", rest, this::argument);
      default -> closed(verb + "(", rest, UnaryOperator.identity());
    };
  }

  private String closed(String begin, String rest, UnaryOperator<String> item) {
    String inside = rest.substring(0, rest.length() - 1);
    return paint(Ink.PARENTHESIS, begin) + each(inside, item) + paint(Ink.PARENTHESIS, ")");
  }

  /** A header's name, with its properties if it has some. */
  private String header(String item) {
    int open = item.indexOf('(');
    return open < 0
        ? item
        : item.substring(0, open) + closed("(", item.substring(open + 1), UnaryOperator.identity());
  }

  /** An argument of an action. */
  String argument(String item) {
    int equals = item.indexOf('=');
    if (item.startsWith("members:")) {
      return paint(Ink.PARAMETER, "members:") + item.substring("members:".length());
    }
    if (equals < 0) {
      return word(item);
    }
    String name = item.substring(0, equals);
    return PARAMETER_WORDS.contains(name)
        ? paint(Ink.PARAMETER, name) + paint(Ink.PARAMETER, "=") + item.substring(equals + 1)
        : named(item, equals + 1);
  }

  private String learn(String rest) {
    String inside = rest.substring(0, rest.length() - 1);
    String items =
        each(inside, this::learnItem)
            .replace(
                "," + paint(Ink.SPECIAL, "priority="),
                paint(Ink.SPECIAL, ",priority=")); // with the comma, here only
    return paint(Ink.LEARN, "learn(") + items + paint(Ink.LEARN, ")");
  }

  private String learnItem(String item) {
    int equals = item.indexOf('=');
    if (item.startsWith("load:") || item.startsWith("output:")) {
      return action(item);
    }
    if (equals < 0) {
      return VALUE_WORDS.contains(item) ? word(item) : paint(Ink.PARAMETER, item);
    }
    boolean copies = item.charAt(equals - 1) == ']' && item.endsWith("]");
    return copies
        ? paint(Ink.PARAMETER, item.substring(0, equals))
            + paint(Ink.PARAMETER, "=")
            + item.substring(equals + 1)
        : named(item, equals + 1);
  }

  private static String each(String text, UnaryOperator<String> change) {
    StringJoiner joined = new StringJoiner(",");
    items(text).forEach(item -> joined.add(change.apply(item)));
    return joined.toString();
  }

  /** What stands between commas outside of parentheses. */
  private static List<String> items(String text) {
    List<String> items = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        items.add(text.substring(start, i));
        start = i + 1;
      }
    }
    items.add(text.substring(start));
    return items;
  }
}
