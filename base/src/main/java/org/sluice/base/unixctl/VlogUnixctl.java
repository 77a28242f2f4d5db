package org.sluice.base.unixctl;

import java.util.Locale;
import org.sluice.base.log.Vlog;
import org.sluice.base.log.VlogRegistry;

/** The {@code vlog/*} commands. Stateless but for the registry they work on. */
public final class VlogUnixctl {
  private final VlogRegistry registry;
  private final Vlog log;

  public VlogUnixctl(VlogRegistry registry) {
    this.registry = registry;
    this.log = registry.vlog("vlog");
  }

  /** Adds the commands to {@code commands}. */
  public void registerIn(UnixctlCommands commands) {
    int any = Integer.MAX_VALUE;
    commands.register("vlog/set", "{spec | PATTERN:destination:pattern}", 0, any, this::set);
    commands.register("vlog/list", "", 0, 0, _ -> UnixctlReply.text(registry.levels()));
    commands.register("vlog/list-pattern", "", 0, 0, _ -> UnixctlReply.text(registry.patterns()));
    commands.register(
        "vlog/enable-rate-limit", "[module]...", 0, any, request -> rateLimits(request, true));
    commands.register(
        "vlog/disable-rate-limit", "[module]...", 0, any, request -> rateLimits(request, false));
    commands.register("vlog/reopen", "", 0, 0, _ -> result(registry.reopenFile()));
    commands.register("vlog/close", "", 0, 0, this::close);
    commands.register("vlog/message", null, 1, 1, this::message);
  }

  private static UnixctlReply result(String error) {
    return error == null ? UnixctlReply.NOTHING : UnixctlReply.error(error);
  }

  private UnixctlReply set(UnixctlRequest request) {
    if (request.args().isEmpty()) {
      return result(registry.set(""));
    }
    for (String specification : request.args()) {
      String error = registry.set(specification);
      if (error != null) {
        return UnixctlReply.error(error);
      }
    }
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply rateLimits(UnixctlRequest request, boolean honored) {
    if (request.args().isEmpty()) {
      registry.setRateLimits(null, honored);
    }
    for (String name : request.args()) {
      boolean all = name.toLowerCase(Locale.ROOT).equals("any");
      Vlog module = all ? null : registry.find(name);
      if (module == null && !all) {
        return UnixctlReply.error("unknown module");
      }
      registry.setRateLimits(module, honored);
    }
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply close(UnixctlRequest request) {
    registry.closeFile();
    return UnixctlReply.NOTHING;
  }

  private UnixctlReply message(UnixctlRequest request) {
    log.info("user-message: %s", request.args().getFirst());
    return UnixctlReply.NOTHING;
  }
}
