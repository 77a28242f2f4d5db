package org.sluice.tools.ofctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.openflow.codec.Decoded;
import org.sluice.openflow.codec.Dialect;
import org.sluice.openflow.codec.OfDecoder;
import org.sluice.openflow.codec.OfEncoder;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfMessage.BundleControl;
import org.sluice.openflow.message.OfVersion;
import org.sluice.tools.CapturedErrors;

/** A switch that refuses each message of a bundle, and reads no more while nobody hears it. */
class RefusedBundleTest {
  /** Their errors are more than the sockets hold. */
  private static final int FLOWS = 20_000;

  private static final Dialect DIALECT = Dialect.of(OfVersion.OF14);

  @RegisterExtension final CapturedErrors errors = new CapturedErrors();
  @TempDir Path directory;

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldPrintAllErrorsOfLargeBundle() throws Exception {
    List<String> lines = addFlows(Integer.MAX_VALUE);
    assertEquals(FLOWS + 1, lines.size());
    String first = "Error OFPBRC_EPERM for: OFPT_FLOW_MOD (OF1.4) (xid=0x";
    assertTrue(lines.getFirst().startsWith(first), lines.getFirst());
    assertTrue(lines.getFirst().endsWith("ADD table:254 actions=drop"), lines.getFirst());
    assertTrue(lines.getLast().endsWith("(Protocol error)"), lines.getLast());
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void shouldPrintErrorsAndWhyItEndedWhereTheSwitchHangsUp() throws Exception {
    List<String> lines = addFlows(100);
    assertTrue(lines.getFirst().startsWith("Error OFPBRC_EPERM for: "), lines.getFirst());
    assertTrue(
        lines.getLast().matches("ovs-ofctl: .*(Broken pipe|End of file|reset by peer).*"),
        lines.getLast());
  }

  /** What the tool prints about a switch that hangs up after some messages. */
  private List<String> addFlows(int messages) throws Exception {
    Path socket = directory.resolve("mgmt");
    Path flows = directory.resolve("flows");
    Files.write(flows, Collections.nCopies(FLOWS, "table=254,actions=drop"));
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofVirtual().start(() -> serve(listener, messages));
      int status =
          new OvsOfctl()
              .run(
                  new String[] {
                    "-OOpenFlow14", "--bundle", "add-flows", "unix:" + socket, flows.toString()
                  });
      assertEquals(1, status);
    }
    return errors.text().lines().toList();
  }

  private static void serve(ServerSocketChannel listener, int messages) {
    try (SocketChannel channel = listener.accept()) {
      var in = Channels.newInputStream(channel);
      channel.write(ByteBuffer.wrap(encode(OfMessage.Hello.of(Set.of(OfVersion.OF14)), 1)));
      for (int i = 0; i < messages; i++) {
        byte[] header = in.readNBytes(8);
        if (header.length < 8) {
          return;
        }
        ByteBuffer message = ByteBuffer.allocate(ByteBuffer.wrap(header).getShort(2) & 0xffff);
        message.put(header).put(in.readNBytes(message.capacity() - 8));
        byte[] reply = answer(message.array());
        if (reply.length > 0) {
          channel.write(ByteBuffer.wrap(reply));
        }
      }
    } catch (IOException _) {
      // The tool has hung up.
    }
  }

  private static byte[] answer(byte[] request) {
    if (!(OfDecoder.decode(request, false) instanceof Decoded.Ok ok)) {
      return new byte[0];
    }
    return switch (ok.message()) {
      case OfMessage.BundleAdd _ -> OfDecoder.errorReply(OfError.OFPBRC_EPERM, request);
      case OfMessage.BarrierRequest _ -> encode(new OfMessage.BarrierReply(), ok.xid());
      case BundleControl control ->
          encode(
              new BundleControl(control.bundleId(), reply(control.type()), control.flags()),
              ok.xid());
      default -> new byte[0];
    };
  }

  private static BundleControl.Type reply(BundleControl.Type request) {
    return BundleControl.Type.ofWire(request.wire() + 1);
  }

  private static byte[] encode(OfMessage message, int xid) {
    return OfEncoder.encode(message, xid, DIALECT).getFirst();
  }
}
