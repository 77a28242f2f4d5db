package org.sluice.tools.ctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code [OPTION]... COMMAND [ARGUMENT]... [-- ...]...} into invocations. Stateless but for
 * the commands it knows.
 */
final class CommandLine {
  private static final String NO_COMMAND = "missing command name (use --help for help)";

  private final Map<String, CtlCommand> commands;

  CommandLine(Map<String, CtlCommand> commands) {
    this.commands = commands;
  }

  /**
   * Reads all commands.
   *
   * @param first options of the first command that stood among the program's own
   */
  List<Invocation> read(List<String> words, Map<String, String> first) {
    List<Invocation> invocations = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>(first);
    int start = 0;
    for (int end = 0; end <= words.size(); end++) {
      if (end < words.size() && !words.get(end).equals("--")) {
        continue;
      }
      if (end > start) {
        invocations.add(readOne(words.subList(start, end), options));
        options = new LinkedHashMap<>();
      } else if (!options.isEmpty()) {
        throw new CtlFailure(NO_COMMAND);
      }
      start = end + 1;
    }
    if (invocations.isEmpty()) {
      throw new CtlFailure(NO_COMMAND);
    }
    return invocations;
  }

  private Invocation readOne(List<String> words, Map<String, String> options) {
    int i = 0;
    while (i < words.size() && words.get(i).startsWith("-")) {
      addOption(words.get(i++), options);
    }
    if (i == words.size()) {
      throw new CtlFailure(NO_COMMAND);
    }
    CtlCommand command = commands.get(words.get(i));
    if (command == null) {
      throw new CtlFailure("unknown command '%s'; use --help for help", words.get(i));
    }
    options.forEach(command::checkOption);
    List<String> arguments = words.subList(i + 1, words.size());
    command.checkArguments(arguments);
    return new Invocation(command, arguments, options);
  }

  private static void addOption(String word, Map<String, String> options) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    if (options.containsKey(name)) {
      throw new CtlFailure("'%s' option specified multiple times", word);
    }
    options.put(name, equals < 0 ? null : word.substring(equals + 1));
  }

  /** A word in quotes where a reader would need them. */
  static String escape(String word) {
    boolean plain = word.chars().noneMatch(c -> " \t\r\n\u000b\\'\"".indexOf(c) >= 0);
    return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
