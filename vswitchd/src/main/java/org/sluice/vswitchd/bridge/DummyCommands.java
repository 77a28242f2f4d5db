package org.sluice.vswitchd.bridge;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.sluice.base.memory.OffHeap;
import org.sluice.base.unixctl.UnixctlCommands;
import org.sluice.base.unixctl.UnixctlReply;
import org.sluice.base.unixctl.UnixctlRequest;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.flow.AddressText;
import org.sluice.datapath.flow.DatapathFlowText;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.FlowSyntaxException;
import org.sluice.datapath.flow.FlowTextOptions;
import org.sluice.datapath.flow.PacketComposer;
import org.sluice.datapath.netdev.dummy.DummyNetdev;
import org.sluice.datapath.netdev.dummy.PacketStream;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;

/**
 * What a test does to dummy devices: {@code netdev-dummy/*}. A command replies when the switch has
 * taken notice, so that what the test looks at next is there. Keeps nothing.
 */
final class DummyCommands {
  private static final int ANY_NUMBER = Integer.MAX_VALUE;
  private static final int ETHERNET_BYTES = 14;
  private static final int SMALLEST_FRAME = 64;
  private static final int PAYLOAD_BYTES = 64;

  private final DummyDevices devices;
  private final Supplier<Datapath> datapath;
  private final Supplier<CompletableFuture<Void>> refresh;

  /** {@code refresh} has the switch look at its devices. */
  DummyCommands(
      DummyDevices devices,
      Supplier<Datapath> datapath,
      Supplier<CompletableFuture<Void>> refresh) {
    this.devices = devices;
    this.datapath = datapath;
    this.refresh = refresh;
  }

  void registerIn(UnixctlCommands commands) {
    commands.registerDeferred(
        "netdev-dummy/receive",
        "name [--qid queue_id] packet|flow [--len packet_len]",
        2,
        ANY_NUMBER,
        this::receive);
    commands.registerDeferred(
        "netdev-dummy/set-admin-state", "[netdev] up|down", 1, 2, this::setAdminState);
    commands.register("netdev-dummy/conn-state", "[netdev]", 0, 1, this::connectionState);
    commands.registerDeferred(
        "netdev-dummy/ip4addr", "[netdev] ipaddr/mask-prefix-len", 2, 2, this::setIpv4);
  }

  private static CompletableFuture<UnixctlReply> error(String text) {
    return CompletableFuture.completedFuture(UnixctlReply.error(text));
  }

  // --- Packets.

  private CompletableFuture<UnixctlReply> receive(UnixctlRequest request) {
    List<String> words = request.args();
    DummyNetdev device = devices.device(words.getFirst());
    if (device == null) {
      return error("no such dummy netdev");
    }
    int first = words.get(1).equals("--qid") ? 3 : 1;
    try {
      for (byte[] frame : frames(words.subList(Math.min(first, words.size()), words.size()))) {
        device.inject(frame);
      }
    } catch (FlowSyntaxException e) {
      return error(e.getMessage());
    }
    return afterReceiving(device).thenApply(_ -> UnixctlReply.NOTHING);
  }

  /** Completes when the packet threads have seen through what the device holds. */
  private CompletableFuture<Void> afterReceiving(DummyNetdev device) {
    return datapath
        .get()
        .fence()
        .thenCompose(_ ->
            device.hasReceivedAll() || device.isClosed()
                ? datapath.get().fence()
                : afterReceiving(device));
  }

  private static List<byte[]> frames(List<String> words) throws FlowSyntaxException {
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      byte[] frame = hex(words.get(i));
      if (frame == null) {
        boolean sized = i + 2 < words.size() && words.get(i + 1).equals("--len");
        frame = composed(words.get(i), sized ? length(words.get(i + 2)) : 0);
        i += sized ? 2 : 0;
      }
      frames.add(frame);
    }
    return frames;
  }

  /** The bytes that {@code text} writes out; null where it does not write out a frame. */
  private static byte[] hex(String text) {
    String digits = text.replaceAll("[ \t\n]", "");
    boolean isFrame = digits.length() >= 2 * ETHERNET_BYTES && digits.length() % 2 == 0;
    return isFrame && digits.matches("[0-9a-fA-F]+") ? HexFormat.of().parseHex(digits) : null;
  }

  private static int length(String text) throws FlowSyntaxException {
    int bytes = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    if (bytes < SMALLEST_FRAME) {
      throw new FlowSyntaxException("too small packet len");
    }
    return bytes;
  }

  private static byte[] composed(String text, int bytes) throws FlowSyntaxException {
    FlowKey key = DatapathFlowText.parse(text, FlowTextOptions.PLAIN).key();
    Packet packet = new PacketBatch().append();
    if (bytes == 0) {
      PacketComposer.compose(key, PacketComposer.countingPayload(PAYLOAD_BYTES), packet);
    } else if (!PacketComposer.composeSized(key, bytes, packet)) {
      throw new FlowSyntaxException("packet does not fit in " + bytes + " bytes");
    }
    byte[] frame = new byte[packet.length];
    OffHeap.copyOut(packet.address, frame, 0, frame.length);
    return frame;
  }

  // --- State.

  /** The devices that the first of two words names, or all. */
  private List<DummyNetdev> meant(UnixctlRequest request, int withName) {
    if (request.args().size() < withName) {
      return devices.all();
    }
    DummyNetdev device = devices.device(request.args().getFirst());
    return device == null ? List.of() : List.of(device);
  }

  private CompletableFuture<UnixctlReply> setAdminState(UnixctlRequest request) {
    String state = request.args().getLast();
    if (!state.equalsIgnoreCase("up") && !state.equalsIgnoreCase("down")) {
      return error("Invalid Admin State");
    }
    List<DummyNetdev> meant = meant(request, 2);
    if (meant.isEmpty()) {
      return error("Unknown Dummy Interface");
    }
    meant.forEach(device -> device.setAdminUp(state.equalsIgnoreCase("up")));
    return refresh.get().thenApply(_ -> UnixctlReply.text("OK"));
  }

  private UnixctlReply connectionState(UnixctlRequest request) {
    StringBuilder text = new StringBuilder();
    List<DummyNetdev> meant = meant(request, 1);
    if (meant.isEmpty() && !request.args().isEmpty()) {
      return UnixctlReply.text("unknown netdev");
    }
    for (DummyNetdev device : meant) {
      PacketStream stream = device.stream();
      String state =
          stream == null ? "unknown" : stream.isConnected() ? "connected" : "disconnected";
      text.append(device.name()).append(": ").append(state).append('\n');
    }
    return UnixctlReply.text(text.toString());
  }

  private CompletableFuture<UnixctlReply> setIpv4(UnixctlRequest request) {
    DummyNetdev device = devices.device(request.args().getFirst());
    if (device == null) {
      return error("Unknown Dummy Interface");
    }
    String text = request.args().getLast();
    int slash = text.indexOf('/');
    try {
      device.setIpv4(AddressText.parseIpv4(slash < 0 ? text : text.substring(0, slash)));
    } catch (FlowSyntaxException e) {
      return error("invalid IP address or mask: " + e.getMessage());
    }
    return refresh.get().thenApply(_ -> UnixctlReply.text("OK"));
  }
}
