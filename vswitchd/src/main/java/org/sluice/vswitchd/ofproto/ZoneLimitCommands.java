package org.sluice.vswitchd.ofproto;

import java.util.ArrayList;
import java.util.List;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.datapath.conntrack.ConnectionLimits;
import org.sluice.datapath.flow.FlowSyntaxException;

/** What {@code ovs-appctl} says of how many connections a zone may have. Keeps nothing. */
final class ZoneLimitCommands {
  private static final int ZONES = 1 << 16;
  private static final long MAX_LIMIT = 0xffff_ffffL;

  private final ConnectionLimits limits;

  ZoneLimitCommands(ConnectionLimits limits) {
    this.limits = limits;
  }

  void registerIn(UnixctlCommands commands, DatapathArguments arguments) {
    arguments.register(
        commands,
        "ct-set-limits",
        "[dp] [default=L] [zone=N,limit=L]...",
        1,
        Integer.MAX_VALUE,
        this::set);
    arguments.register(
        commands, "ct-del-limits", "[dp] [default] [zone=N1[,N2]...]", 1, 3, this::delete);
    arguments.register(commands, "ct-get-limits", "[dp] [zone=N1[,N2]...]", 0, 2, this::show);
  }

  /** A zone's limit to be; zone {@code ZONES} for the default. */
  private record ZoneLimit(int zone, long limit) {}

  private UnixctlReply set(DatapathCall call) {
    List<ZoneLimit> wanted = new ArrayList<>();
    if (call.words().isEmpty()) {
      return DatapathArguments.failure("too few arguments");
    }
    try {
      for (String word : call.words()) {
        boolean isDefault = word.startsWith("default=") && wanted.isEmpty();
        wanted.add(isDefault ? defaultLimit(word) : zoneLimit(word));
      }
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
    if (limits.isSetByDatabase()) {
      return setByDatabase("set-zone-limit");
    }
    wanted.forEach(this::apply);
    return UnixctlReply.NOTHING;
  }

  private static UnixctlReply setByDatabase(String command) {
    return DatapathArguments.failure(
        "the zone limits are set via database, use 'ovs-vsctl " + command + " <...>' instead.",
        "Operation not permitted");
  }

  private void apply(ZoneLimit wanted) {
    if (wanted.zone() == ZONES) {
      limits.setDefaultZoneLimit(wanted.limit() == 0 ? ConnectionLimits.UNLIMITED : wanted.limit());
    } else {
      limits.setZoneLimit(wanted.zone(), wanted.limit());
    }
  }

  private static ZoneLimit defaultLimit(String word) throws FlowSyntaxException {
    long limit = number(word.substring("default=".length()), MAX_LIMIT);
    if (limit < 0) {
      throw new FlowSyntaxException("invalid default limit");
    }
    return new ZoneLimit(ZONES, limit);
  }

  private static ZoneLimit zoneLimit(String text) throws FlowSyntaxException {
    long zone = -1;
    long limit = -1;
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String key = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      if (value.isEmpty()) {
        throw new FlowSyntaxException("field " + key + " missing value");
      }
      switch (key) {
        case "zone" -> zone = field(key, value, ZONES - 1L);
        case "limit" -> limit = field(key, value, MAX_LIMIT);
        default -> throw new FlowSyntaxException("invalid zone limit field: " + key);
      }
    }
    if (zone < 0 || limit < 0) {
      throw new FlowSyntaxException("failed to parse zone limit");
    }
    return new ZoneLimit((int) zone, limit);
  }

  private static long field(String key, String value, long max) throws FlowSyntaxException {
    long number = number(value, max);
    if (number < 0) {
      throw new FlowSyntaxException("failed to parse field " + key);
    }
    return number;
  }

  private static long number(String text, long max) {
    try {
      long number = Long.parseLong(text);
      return number > max ? -1 : number;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private UnixctlReply delete(DatapathCall call) {
    List<String> words = call.words();
    if (words.isEmpty()) {
      return DatapathArguments.failure("too few arguments");
    }
    boolean isDefault = words.getFirst().equals("default");
    List<String> others = isDefault ? words.subList(1, words.size()) : words;
    if (others.size() > 1) {
      return DatapathArguments.failure("invalid argument " + others.getFirst());
    }
    List<Integer> zones;
    try {
      zones = others.isEmpty() ? List.of() : zones(others.getFirst());
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
    if (limits.isSetByDatabase()) {
      return setByDatabase("del-zone-limit");
    }
    if (isDefault) {
      limits.setDefaultZoneLimit(ConnectionLimits.UNLIMITED);
    }
    zones.forEach(zone -> limits.setZoneLimit(zone, ConnectionLimits.UNLIMITED));
    return UnixctlReply.NOTHING;
  }

  private static List<Integer> zones(String word) throws FlowSyntaxException {
    if (!word.startsWith("zone=")) {
      throw new FlowSyntaxException("invalid argument " + word);
    }
    List<Integer> zones = new ArrayList<>();
    for (String text : word.substring("zone=".length()).split(",", -1)) {
      if (text.isEmpty()) {
        continue; // as Open vSwitch takes a list
      }
      long zone = number(text, ZONES - 1L);
      if (zone < 0) {
        throw new FlowSyntaxException("invalid zone");
      }
      zones.add((int) zone);
    }
    return zones;
  }

  private UnixctlReply show(DatapathCall call) {
    List<String> words = call.words();
    if (words.size() > 1) {
      return DatapathArguments.noSuchDatapath();
    }
    long defaultLimit = limits.defaultZoneLimit();
    StringBuilder text = new StringBuilder("default limit=");
    text.append(shown(defaultLimit));
    try {
      for (int zone : words.isEmpty() ? limits.zonesWithLimit() : zones(words.getLast())) {
        text.append("\nzone=").append(zone).append(",limit=").append(shown(limits.zoneLimit(zone)));
        text.append(",count=").append(limits.count(zone));
      }
    } catch (FlowSyntaxException e) {
      return DatapathArguments.failure(e.getMessage());
    }
    return UnixctlReply.text(text.append('\n').toString());
  }

  private static long shown(long limit) {
    return limit == ConnectionLimits.UNLIMITED ? 0 : limit;
  }
}
