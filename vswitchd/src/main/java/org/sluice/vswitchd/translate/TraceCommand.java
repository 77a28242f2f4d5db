package org.sluice.vswitchd.translate;

import java.util.List;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.flow.FlowExtractor;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.Parser;

/**
 * {@code ofproto/trace} and {@code ofproto/trace-packet-out}: arguments in, text out. Several
 * threads may call it; frames given as arguments are parsed one at a time, in memory of its own.
 */
public final class TraceCommand {
  private final Topology topology;
  private final Edge edge;
  private final RecirculationTable recirculations;
  private final Packet packet = new Packet();

  /** Traces through the bridges of {@code topology}; what they learn of it, {@code edge} does. */
  public TraceCommand(Topology topology, Edge edge, RecirculationTable recirculations) {
    this.topology = topology;
    this.edge = edge;
    this.recirculations = recirculations;
  }

  /** Traces what {@code arguments} describe. */
  public String trace(List<String> arguments, long nowNs) throws TraceException {
    return run(TraceArguments.parse(arguments, topology, this::read), nowNs);
  }

  /** The same with the actions that are the last argument, as a controller's packet-out. */
  public String tracePacketOut(List<String> arguments, long nowNs) throws TraceException {
    return run(TraceArguments.parsePacketOut(arguments, topology, this::read), nowNs);
  }

  private String run(TraceRequest request, long nowNs) {
    return Trace.run(topology, edge, recirculations, request, nowNs);
  }

  /** Headers from the frame; everything else, but for connection addresses, from the metadata. */
  private synchronized FlowKey read(byte[] frame, FlowKey metadata) {
    if (packet.bufferStart == 0) {
      packet.bufferStart = OffHeap.allocate(Packet.BUFFER_BYTES, 64);
      packet.bufferEnd = packet.bufferStart + Packet.BUFFER_BYTES;
    }
    packet.reset();
    packet.length = Math.min(frame.length, Packet.MAX_FRAME_BYTES);
    OffHeap.copyIn(frame, 0, packet.address, packet.length);
    Parser.parse(packet);
    FlowKey key = new FlowKey();
    FlowExtractor.extract(packet, key.words());
    for (int i = 0; i < Word.COUNT; i++) {
      if (i < Word.ETH_SRC || i >= Word.CT_IPV4) {
        key.words()[i] = metadata.word(i);
      }
    }
    return key;
  }
}
