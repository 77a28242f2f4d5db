package org.sluice.tools.ofctl;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.PacketComposer;
import org.sluice.datapath.packet.Packet;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.print.HexDump;
import org.sluice.openflow.print.PacketLine;
import org.sluice.openflow.text.ExactFlowParser;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** {@code compose-packet}: makes a packet that has certain fields. */
final class ComposeCommand {
  private static final int DEFAULT_PAYLOAD = 64;
  private static final int BUFFER_BYTES = 1 << 17;
  private static final int HEADROOM = 256;
  private static final int IPV4 = 0x0800;
  private static final int CHECKSUM_AT = 10;
  private static final int PCAP_MAGIC = 0xa1b2c3d4;
  private static final int MAX_PACKET = 1518;

  private final OfctlOptions options;
  private final PrintStream out;

  ComposeCommand(OfctlOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  List<OfctlCommand> all() {
    return List.of(OfctlCommand.reading("compose-packet", null, 1, 2, this::compose));
  }

  private void compose(List<String> words) throws IOException, OfSyntaxException {
    if (options.pcap() && options.bare()) {
      throw new OfctlException("--bare and --pcap are mutually exclusive");
    }
    FlowKey wanted = ExactFlowParser.parse(words.getFirst(), Names.NONE);
    byte[] payload =
        words.size() > 1
            ? HexInput.parse(words.get(1), words.get(1) + ": trailing garbage in packet data")
            : PacketComposer.countingPayload(DEFAULT_PAYLOAD);
    byte[] frame = frame(wanted, payload);
    print(frame);
    FlowKey made = PacketLine.key(frame);
    made.set(Field.IN_PORT, OfPort.ANY);
    if (!made.equals(wanted)) {
      out.flush();
      System.err.println("specified and extracted flows differ:");
      System.err.println("specified: " + words.getFirst());
      System.err.println("extracted: " + PacketLine.formatFields(frame));
      throw new ExitException(1);
    }
  }

  private byte[] frame(FlowKey key, byte[] payload) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(BUFFER_BYTES, Long.BYTES);
      Packet packet = new Packet();
      packet.bufferStart = memory.address();
      packet.bufferEnd = memory.address() + BUFFER_BYTES;
      packet.address = packet.bufferStart + HEADROOM;
      PacketComposer.compose(key, payload, packet);
      byte[] frame = new byte[packet.length];
      OffHeap.copyOut(packet.address, frame, 0, frame.length);
      if (options.badChecksum() && key.get(Field.ETH_TYPE) == IPV4) {
        frame[packet.l3Offset + CHECKSUM_AT] ^= 0x55;
      }
      return frame;
    }
  }

  private void print(byte[] frame) throws IOException {
    if (options.pcap()) {
      out.write(capture(frame));
    } else if (options.bare()) {
      out.print(HexFormat.of().formatHex(frame));
    } else {
      out.print(HexDump.format(frame, false));
    }
  }

  /** A capture of libpcap's classic format, with one frame. */
  private static byte[] capture(byte[] frame) {
    ByteBuffer file = ByteBuffer.allocate(40 + frame.length).order(ByteOrder.nativeOrder());
    file.putInt(PCAP_MAGIC).putShort((short) 2).putShort((short) 4);
    file.putInt(0).putInt(0).putInt(MAX_PACKET).putInt(1);
    file.putInt(0).putInt(0).putInt(frame.length).putInt(frame.length);
    return file.put(frame).array();
  }
}
