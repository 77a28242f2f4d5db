package org.sluice.base.unixctl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * The commands that a program offers, by name.
 *
 * <p>Thread-safe; commands may be added and taken away while the program runs.
 */
public final class UnixctlCommands {
  private record Command(
      String usage,
      int minArgs,
      int maxArgs,
      Function<UnixctlRequest, CompletableFuture<UnixctlReply>> handler) {}

  private final Map<String, Command> commands = new ConcurrentSkipListMap<>();

  /** Knows {@code list-commands}, {@code help} and {@code version}, which says {@code version}. */
  public UnixctlCommands(String version) {
    register("list-commands", "", 0, 0, this::listCommands);
    register("help", null, 0, 0, this::listCommands);
    register("version", "", 0, 0, request -> UnixctlReply.text(version));
    register("set-options", "[--format text|json]", 1, 2, request -> UnixctlReply.NOTHING);
  }

  /**
   * Adds a command.
   *
   * @param usage its arguments, for {@code list-commands}; null hides it there
   */
  public void register(
      String name, String usage, int minArgs, int maxArgs, UnixctlHandler handler) {
    registerDeferred(
        name,
        usage,
        minArgs,
        maxArgs,
        request -> CompletableFuture.completedFuture(handler.handle(request)));
  }

  /** Adds a command whose reply may come later; until then its client waits. */
  public void registerDeferred(
      String name,
      String usage,
      int minArgs,
      int maxArgs,
      Function<UnixctlRequest, CompletableFuture<UnixctlReply>> handler) {
    Command old = commands.putIfAbsent(name, new Command(usage, minArgs, maxArgs, handler));
    if (old != null) {
      throw new IllegalStateException("command " + name + " is registered twice");
    }
  }

  /** Carries out a request, or says why it cannot be one. */
  public CompletableFuture<UnixctlReply> run(UnixctlRequest request) {
    Command command = commands.get(request.command());
    String error = check(request, command);
    return error != null
        ? CompletableFuture.completedFuture(UnixctlReply.error(error))
        : command.handler.apply(request);
  }

  private static String check(UnixctlRequest request, Command command) {
    String name = "\"" + request.command() + "\"";
    if (command == null) {
      return name
          + " is not a valid command (use \"list-commands\" to see a list of valid commands)";
    }
    int count = request.args().size();
    if (count < command.minArgs) {
      return name + " command requires at least " + command.minArgs + " arguments";
    }
    return count > command.maxArgs
        ? name + " command takes at most " + command.maxArgs + " arguments"
        : null;
  }

  private UnixctlReply listCommands(UnixctlRequest request) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    StringBuilder text = new StringBuilder("The available commands are:\n");
    commands.forEach((name, command) -> {
      if (command.usage != null) {
        document.put(name, command.usage);
        text.append(String.format("  %-23s %s\n", name, command.usage));
      }
    });
    return request.json() ? UnixctlReply.json(document) : UnixctlReply.text(text.toString());
  }
}
