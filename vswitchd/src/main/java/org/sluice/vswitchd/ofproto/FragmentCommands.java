package org.sluice.vswitchd.ofproto;

import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.datapath.conntrack.Conntrack;
import org.sluice.datapath.conntrack.fragment.FragmentLimits;
import org.sluice.datapath.conntrack.fragment.FragmentLimits.Event;

/** What {@code ovs-appctl} asks about fragments. Keeps nothing. */
final class FragmentCommands {
  private static final String NOT_PERMITTED = "Operation not permitted";

  private final Conntrack conntrack;

  FragmentCommands(Conntrack conntrack) {
    this.conntrack = conntrack;
  }

  void registerIn(UnixctlCommands commands, DatapathArguments arguments) {
    arguments.register(commands, "ipf-set-enabled", "[dp] v4|v6", 1, 2, call -> set(call, true));
    arguments.register(commands, "ipf-set-disabled", "[dp] v4|v6", 1, 2, call -> set(call, false));
    arguments.register(
        commands, "ipf-set-min-frag", "[dp] v4|v6 minfragment", 2, 3, this::setLeast);
    arguments.register(commands, "ipf-set-max-nfrags", "[dp] maxfrags", 1, 2, this::setMost);
    arguments.register(commands, "ipf-get-status", "[dp]", 0, 2, this::status);
  }

  private UnixctlReply set(DatapathCall call, boolean enabled) {
    String family = call.last("");
    if (family == null || !isFamily(family)) {
      return DatapathArguments.failure("parameter missing: 'v4' for IPv4 or 'v6' for IPv6");
    }
    if (call.words().size() > 1) {
      return DatapathArguments.noSuchDatapath();
    }
    conntrack.fragments().setEnabled(isIpv6(family), enabled);
    return UnixctlReply.text(
        (enabled ? "enabling" : "disabling") + " fragmentation reassembly successful");
  }

  private static boolean isFamily(String text) {
    return text.startsWith("v4") || isIpv6(text);
  }

  private static boolean isIpv6(String family) {
    return family.startsWith("v6");
  }

  private UnixctlReply setLeast(DatapathCall call) {
    if (call.words().size() > 2) {
      return DatapathArguments.noSuchDatapath();
    }
    if (call.words().size() < 2 || !isFamily(call.words().getFirst())) {
      return DatapathArguments.failure("parameter missing: v4 for IPv4 or v6 for IPv6");
    }
    long bytes = DatapathArguments.number(call.words().getLast());
    if (bytes < 0) {
      return DatapathArguments.failure("parameter missing for minimum fragment size");
    }
    if (bytes < FragmentLimits.LEAST_MIN_BYTES) {
      return DatapathArguments.failure(
          "requested minimum fragment size too small; see documentation", NOT_PERMITTED);
    }
    conntrack
        .fragments()
        .setMinBytes(isIpv6(call.words().getFirst()), (int) Math.min(bytes, Integer.MAX_VALUE));
    return UnixctlReply.text("setting minimum fragment size successful");
  }

  private UnixctlReply setMost(DatapathCall call) {
    return DatapathArguments.withNumber(call, this::setMost);
  }

  private UnixctlReply setMost(long max) {
    if (max < 0) {
      return DatapathArguments.failure("parameter missing for maximum fragments");
    }
    if (max > FragmentLimits.MOST_FRAGMENTS) {
      return DatapathArguments.failure("setting maximum fragments failed", NOT_PERMITTED);
    }
    conntrack.fragments().setMaxFragments((int) max);
    return UnixctlReply.text("setting maximum fragments successful");
  }

  private UnixctlReply status(DatapathCall call) {
    if (!call.words().isEmpty()) {
      return DatapathArguments.noSuchDatapath();
    }
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
    if (call.more()) {
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
