package org.sluice.openflow.print;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.codec.Inspected;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.FeaturesReply;
import org.sluice.openflow.message.OfMessage.SwitchConfig;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.text.ActionType;

/** Messages about the switch, its configuration and the connection. */
final class SwitchPrinter {
  private static final BitNames CAPABILITIES =
      new BitNames(
          Map.ofEntries(
              Map.entry(0, "FLOW_STATS"),
              Map.entry(1, "TABLE_STATS"),
              Map.entry(2, "PORT_STATS"),
              Map.entry(3, "GROUP_STATS"),
              Map.entry(5, "IP_REASM"),
              Map.entry(6, "QUEUE_STATS"),
              Map.entry(7, "ARP_MATCH_IP"),
              Map.entry(8, "PORT_BLOCKED"),
              Map.entry(9, "BUNDLES"),
              Map.entry(10, "FLOW_MONITORING"),
              Map.entry(30, "STP")));

  private static final List<String> ROLE_REASONS =
      List.of("primary_request", "configuration_changed", "experimenter_data_changed");

  private final MessagePrinter printer;
  private final StringBuilder out;

  SwitchPrinter(MessagePrinter printer, StringBuilder out) {
    this.printer = printer;
    this.out = out;
  }

  /** As C's {@code %#x}. */
  static String sharpHex(int value) {
    return value == 0 ? "0" : "0x" + Integer.toHexString(value);
  }

  void add(OfMessage.Simple message, Inspected inspected, byte[] bytes) {
    switch (message) {
      case OfMessage.Hello hello -> addHello(hello, bytes);
      case OfMessage.ErrorReport(OfError error, Bytes data) ->
          printer.addError(out, error, data.toArray());
      case OfMessage.EchoRequest(Bytes data) -> addEcho(data);
      case OfMessage.EchoReply(Bytes data) -> addEcho(data);
      case OfMessage.FeaturesReply reply -> addFeatures(reply);
      case OfMessage.GetConfigReply(SwitchConfig config) -> addConfig(config);
      case OfMessage.SetConfig(SwitchConfig config) -> addConfig(config);
      case OfMessage.RoleRequest request -> addRole(request.role(), request.generation());
      case OfMessage.RoleReply reply -> addRole(reply.role(), reply.generation());
      case OfMessage.RoleStatus status -> addRoleStatus(status);
      case OfMessage.PortStatus status -> new PortPrinter(printer.names(), out).add(status);
      case OfMessage.PortMod mod -> new PortPrinter(printer.names(), out).add(mod);
      case OfMessage.TableMod mod -> new TablePrinter(printer.names(), out).add(mod);
      case OfMessage.TableStatus status -> new TablePrinter(printer.names(), out).add(status);
      case OfMessage.QueueGetConfigRequest request ->
          new QueuePrinter(printer, out).addRequest(request.port(), QueuePrinter.ALL);
      case OfMessage.QueueGetConfigReply reply ->
          new QueuePrinter(printer, out).addQueues(reply.queues());
      case OfMessage.BundleControl control -> new BundlePrinter(printer, out).add(control);
      case OfMessage.RequestForward forward -> addForward(forward, inspected.version());
      case OfMessage.BundleAdd add -> throw new IllegalStateException("printed from its bytes");
      case OfMessage.FeaturesRequest request -> {}
      case OfMessage.GetConfigRequest request -> {}
      case OfMessage.BarrierRequest request -> {}
      case OfMessage.BarrierReply reply -> {}
    }
  }

  private void addHello(OfMessage.Hello hello, byte[] bytes) {
    StringJoiner versions = new StringJoiner(", ");
    for (int bit = 0; bit < Integer.SIZE; bit++) {
      if ((hello.bitmap() >>> bit & 1) != 0) {
        versions.add("0x%02x".formatted(bit));
      }
    }
    out.append("\n version bitmap: ").append(versions);
    if (hello.strange()) {
      out.append("\n unknown data in hello:\n").append(HexDump.format(bytes, true));
    }
  }

  private void addEcho(Bytes data) {
    out.append(' ').append(data.size()).append(" bytes of payload\n");
    if (printer.verbosity() > 1) {
      out.append(HexDump.format(data.toArray(), true));
    }
  }

  private void addFeatures(FeaturesReply reply) {
    out.append(" dpid:%016x\n".formatted(reply.datapathId()));
    out.append("n_tables:").append(reply.tableCount());
    out.append(", n_buffers:").append(Integer.toUnsignedString(reply.bufferCount()));
    if (reply.auxiliaryId() != 0) {
      out.append(", auxiliary_id:").append(reply.auxiliaryId());
    }
    out.append("\ncapabilities: ").append(CAPABILITIES.format(reply.capabilities(), " "));
    out.append('\n');
    String actions = ActionType.names(reply.actions(), OfVersion.OF10);
    if (!actions.isEmpty()) {
      out.append("actions: ").append(actions).append('\n');
    }
    addPorts(reply.ports());
  }

  private void addPorts(List<PortDescription> ports) {
    PortPrinter port = new PortPrinter(printer.names(), out);
    ports.stream().sorted(Comparator.comparingInt(PortDescription::number)).forEach(port::add);
  }

  private void addConfig(SwitchConfig config) {
    String fragments =
        switch (config.flags() & SwitchConfig.FRAGMENTS_MASK) {
          case SwitchConfig.FRAGMENTS_NORMAL -> "normal";
          case SwitchConfig.FRAGMENTS_DROP -> "drop";
          case SwitchConfig.FRAGMENTS_REASSEMBLE -> "reassemble";
          default -> "nx-match";
        };
    out.append(" frags=").append(fragments);
    if ((config.flags() & SwitchConfig.INVALID_TTL_TO_CONTROLLER) != 0) {
      out.append(" invalid_ttl_to_controller");
    }
    out.append(" miss_send_len=").append(config.missSendLength()).append('\n');
  }

  private void addRole(OfMessage.Role role, Long generation) {
    String text =
        switch (role) {
          case NOCHANGE -> "nochange";
          case EQUAL -> "equal";
          case PRIMARY -> "primary";
          case SECONDARY -> "secondary";
        };
    out.append(" role=").append(text);
    boolean shown = role != OfMessage.Role.NOCHANGE && generation != null;
    if (shown) {
      out.append(" generation_id=").append(Long.toUnsignedString(generation));
    }
  }

  private void addRoleStatus(OfMessage.RoleStatus status) {
    addRole(status.role(), status.generation());
    boolean known = status.reason() < ROLE_REASONS.size();
    out.append(" reason=").append(known ? ROLE_REASONS.get(status.reason()) : "(unknown)");
  }

  private void addForward(OfMessage.RequestForward forward, OfVersion version) {
    switch (forward.request()) {
      case org.sluice.openflow.message.GroupMod mod -> {
        out.append(" reason=group_mod");
        new GroupPrinter(printer.names(), version, out).add(mod);
      }
      case org.sluice.openflow.message.MeterMod mod -> {
        out.append(" reason=meter_mod");
        new MeterPrinter(out).add(mod);
      }
      default -> throw new IllegalStateException("not forwarded: " + forward.request());
    }
  }
}
