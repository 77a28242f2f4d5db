package org.sluice.vswitchd.ofproto;

import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowExtractor;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.PacketOut;
import org.sluice.vswitchd.translate.Job;
import org.sluice.vswitchd.translate.Outcome;
import org.sluice.vswitchd.translate.Translator;
import org.sluice.vswitchd.translate.UpcallHandler;

/**
 * Sends controllers' packets on their way. Called under the writer lock, which guards its buffer.
 */
final class Injector {
  private final Datapath datapath;
  private final UpcallHandler upcalls;
  private final PacketBatch buffer = new PacketBatch();

  Injector(Datapath datapath, UpcallHandler upcalls) {
    this.datapath = datapath;
    this.upcalls = upcalls;
  }

  /** Runs a packet-out; null, or why it cannot be done. */
  OfError packetOut(Ofproto bridge, PacketOut message, long nowNs) {
    if (Translator.refuses(message.actions()) != null) {
      return OfError.OFPBAC_BAD_TYPE;
    }
    if (message.data().size() > Packet.MAX_FRAME_BYTES) {
      return OfError.OFPBRC_BAD_LEN;
    }
    buffer.clear();
    Packet packet = buffer.append();
    byte[] frame = message.data().toArray();
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    int ofPort = (int) message.metadata().key().get(Field.IN_PORT);
    SwitchPort from = bridge.portTable().get(ofPort);
    packet.inPort = from == null ? 0 : Math.max(0, from.datapathPort());
    Parser.parse(packet);
    FlowKey key = new FlowKey();
    FlowExtractor.extract(packet, key.words());
    overlay(message.metadata().key(), key);
    Outcome outcome =
        upcalls.run(Job.packetOut(bridge, key, message.actions(), nowNs), frame.length);
    if (Datapath.unsupported(outcome.actions()) != null) {
      return OfError.OFPBAC_BAD_TYPE;
    }
    datapath.execute(packet, outcome.actions());
    return null;
  }

  /** Adds the pipeline fields that came with the message. */
  private static void overlay(FlowKey metadata, FlowKey key) {
    key.set(Field.IN_PORT, metadata.get(Field.IN_PORT));
    long[] from = metadata.words();
    long[] to = key.words();
    int port = Field.IN_PORT.word();
    for (int i = 0; i < from.length; i++) {
      if (i != port) {
        to[i] |= from[i];
      }
    }
  }
}
