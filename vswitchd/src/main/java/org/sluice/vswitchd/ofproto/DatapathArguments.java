package org.sluice.vswitchd.ofproto;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;

/**
 * What the {@code dpctl/} commands have in common: options, which come first, and then the name of
 * the datapath, which may be left out as there is only one. Immutable.
 */
final class DatapathArguments {
  private static final Pattern NUMBER = Pattern.compile("\\s*(\\d{1,18}).*");
  private static final long MAX_UINT = 0xffff_ffffL;

  private final String name;
  private final BooleanSupplier exists;

  /**
   * Commands about one datapath.
   *
   * @param name its name, with its type
   * @param exists whether it can be asked: a datapath comes with its first bridge
   */
  DatapathArguments(String name, BooleanSupplier exists) {
    this.name = name;
    this.exists = exists;
  }

  /** Adds the command {@code dpctl/}{@code command} to {@code commands}. */
  void register(
      UnixctlCommands commands,
      String command,
      String usage,
      int minArgs,
      int maxArgs,
      Function<DatapathCall, UnixctlReply> handler) {
    commands.register(
        "dpctl/" + command, usage, minArgs, maxArgs, request -> run(request.args(), handler));
  }

  /** The same for a command that takes nothing but the datapath's name. */
  void register(UnixctlCommands commands, String command, Supplier<UnixctlReply> handler) {
    register(
        commands,
        command,
        "[dp]",
        0,
        1,
        call -> call.words().isEmpty() ? handler.get() : noSuchDatapath());
  }

  private UnixctlReply run(List<String> arguments, Function<DatapathCall, UnixctlReply> handler) {
    boolean more = false;
    boolean statistics = false;
    int options = 0;
    while (options < arguments.size() && isOption(arguments.get(options))) {
      String option = arguments.get(options++);
      String unknown = unknown(option);
      if (unknown != null) {
        return UnixctlReply.error("Unrecognized option " + unknown);
      }
      boolean isShort = !option.startsWith("--");
      more |= isShort ? option.contains("m") : option.equals("--more");
      statistics |= isShort ? option.contains("s") : option.equals("--statistics");
    }
    if (!exists.getAsBoolean()) {
      return UnixctlReply.error("ovs-vswitchd: no datapaths exist\n" + text("datapath not found"));
    }
    List<String> words = arguments.subList(options, arguments.size());
    boolean isNamed = !words.isEmpty() && words.getFirst().equals(name);
    return handler.apply(
        new DatapathCall(more, statistics, isNamed ? words.subList(1, words.size()) : words));
  }

  private static boolean isOption(String word) {
    return word.length() > 1 && word.startsWith("-");
  }

  /** What Open vSwitch would not know of an option; null if it knows all of it. */
  private static String unknown(String option) {
    if (option.startsWith("--")) {
      return switch (option) {
        case "--statistics", "--clear", "--may-create", "--more", "--names", "--no-names" -> null;
        default -> option;
      };
    }
    String letters = option.substring(1).replaceAll("[ms]", "");
    return letters.isEmpty() ? null : "-" + letters.charAt(0);
  }

  /** There is no datapath of such a name. */
  static UnixctlReply noSuchDatapath() {
    return failure("datapath not found");
  }

  static UnixctlReply failure(String why) {
    return UnixctlReply.error(text(why));
  }

  static UnixctlReply failure(String why, String error) {
    return UnixctlReply.error(text(why, error));
  }

  private static String text(String why) {
    return text(why, "Invalid argument");
  }

  private static String text(String why, String error) {
    return "ovs-vswitchd: " + why + " (" + error + ")\n";
  }

  /** Answers to the only word, a number as {@link #number} reads it; to -1 if there is none. */
  static UnixctlReply withNumber(DatapathCall call, LongFunction<UnixctlReply> handler) {
    List<String> words = call.words();
    return words.size() > 1
        ? noSuchDatapath()
        : handler.apply(words.isEmpty() ? -1 : number(words.getLast()));
  }

  /** The number of 32 bits that {@code text} begins with, as Open vSwitch reads it; -1 if none. */
  static long number(String text) {
    Matcher matcher = NUMBER.matcher(text);
    long number = matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    return number > MAX_UINT ? -1 : number;
  }
}
