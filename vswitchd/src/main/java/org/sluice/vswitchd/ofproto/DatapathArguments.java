package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;

/** What the {@code dpctl/} commands have in common. Stateless. */
final class DatapathArguments {
  private static final String NAME = "netdev@ovs-netdev";

  private DatapathArguments() {}

  /** The arguments behind the datapath's name, which may be left out as there is only one. */
  static List<String> without(List<String> arguments) {
    boolean named = !arguments.isEmpty() && arguments.getFirst().equals(NAME);
    return named ? arguments.subList(1, arguments.size()) : arguments;
  }

  /** Answers with {@code text} unless there are arguments besides the datapath's name. */
  static UnixctlReply answer(UnixctlRequest request, String text) {
    return without(request.args()).isEmpty()
        ? UnixctlReply.text(text)
        : failure("datapath not found");
  }

  static UnixctlReply failure(String why) {
    return failure(why, "Invalid argument");
  }

  static UnixctlReply failure(String why, String error) {
    return UnixctlReply.error("ovs-vswitchd: " + why + " (" + error + ")\n");
  }
}
