package org.sluice.vswitchd.ofproto;

import java.util.List;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.fragment.FragmentLimits;
import org.sluice.datapath.conntrack.fragment.FragmentLimits.Event;

/** What {@code ovs-appctl} asks about fragments. Keeps nothing. */
final class FragmentCommands {
  private final Conntrack conntrack;

  FragmentCommands(Conntrack conntrack) {
    this.conntrack = conntrack;
  }

  void registerIn(UnixctlCommands commands) {
    commands.register("dpctl/ipf-set-enabled", "[dp] v4|v6", 1, 2, request -> set(request, true));
    commands.register("dpctl/ipf-set-disabled", "[dp] v4|v6", 1, 2, request -> set(request, false));
    commands.register("dpctl/ipf-set-min-frag", "[dp] v4|v6 minfragment", 2, 3, this::setLeast);
    commands.register("dpctl/ipf-set-max-nfrags", "[dp] maxfrags", 1, 2, this::setMost);
    commands.register("dpctl/ipf-get-status", "[dp]", 0, 2, this::status);
  }

  private UnixctlReply set(UnixctlRequest request, boolean enabled) {
    String family = request.args().getLast();
    if (!isFamily(family)) {
      return DatapathArguments.failure("parameter missing: 'v4' for IPv4 or 'v6' for IPv6");
    }
    conntrack.fragments().setEnabled(family.equals("v6"), enabled);
    return UnixctlReply.text(
        (enabled ? "enabling" : "disabling") + " fragmentation reassembly successful\n");
  }

  private static boolean isFamily(String text) {
    return text.equals("v4") || text.equals("v6");
  }

  private UnixctlReply setLeast(UnixctlRequest request) {
    List<String> arguments = DatapathArguments.without(request.args());
    if (arguments.size() != 2 || !isFamily(arguments.getFirst())) {
      return DatapathArguments.failure("parameter missing: v4 for IPv4 or v6 for IPv6");
    }
    int bytes = number(arguments.getLast());
    if (bytes < 0) {
      return DatapathArguments.failure("parameter missing for minimum fragment size");
    }
    if (bytes < FragmentLimits.LEAST_MIN_BYTES) {
      return DatapathArguments.failure(
          "requested minimum fragment size too small; see documentation");
    }
    conntrack.fragments().setMinBytes(arguments.getFirst().equals("v6"), bytes);
    return UnixctlReply.text("setting minimum fragment size successful\n");
  }

  private UnixctlReply setMost(UnixctlRequest request) {
    int max = number(request.args().getLast());
    if (max < 0) {
      return DatapathArguments.failure("parameter missing for maximum fragments");
    }
    if (max > FragmentLimits.MOST_FRAGMENTS) {
      return DatapathArguments.failure("setting maximum fragments failed");
    }
    conntrack.fragments().setMaxFragments(max);
    return UnixctlReply.text("setting maximum fragments successful\n");
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private UnixctlReply status(UnixctlRequest request) {
    FragmentLimits limits = conntrack.fragments();
    StringBuilder text = new StringBuilder();
    append(text, "Fragmentation Module Status");
    append(text, "---------------------------");
    append(text, "v4 enabled: " + (limits.isEnabled(false) ? 1 : 0));
    append(text, "v6 enabled: " + (limits.isEnabled(true) ? 1 : 0));
    append(text, "max num frags (v4/v6): " + limits.maxFragments());
    append(text, "num frag: " + limits.held());
    appendFamily(text, limits, false);
    appendFamily(text, limits, true);
    if (request.args().contains("-m") || request.args().contains("--more")) {
      text.append("\n        Fragment Lists:\n\n");
      conntrack.describeFragments().forEach(line -> text.append(line).append('\n'));
    }
    return UnixctlReply.text(text.toString());
  }

  private static void append(StringBuilder text, String line) {
    text.append("        ").append(line).append('\n');
  }

  private static void appendFamily(StringBuilder text, FragmentLimits limits, boolean ipv6) {
    String family = ipv6 ? "v6" : "v4";
    append(text, "min " + family + " frag size: " + limits.minBytes(ipv6));
    for (Event event : Event.values()) {
      String name =
          switch (event) {
            case ACCEPTED -> "accepted";
            case COMPLETED -> "completed";
            case EXPIRED -> "expired";
            case TOO_SMALL -> "too small";
            case OVERLAPPED -> "overlapped";
            case PURGED -> "purged";
          };
      append(text, family + " frags " + name + ": " + limits.count(ipv6, event));
    }
  }
}
