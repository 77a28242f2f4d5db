package org.sluice.vswitchd.ofproto;

import java.util.concurrent.atomic.AtomicLong;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowExtractor;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.Word;
import org.sluice.datapath.packet.Packet;
import org.sluice.datapath.packet.PacketBatch;
import org.sluice.datapath.packet.Parser;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.vswitchd.translate.FrozenState;
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
  private final AtomicLong sent = new AtomicLong();

  Injector(Datapath datapath, UpcallHandler upcalls) {
    this.datapath = datapath;
    this.upcalls = upcalls;
  }

  /** Runs a packet-out; null, or why it cannot be done. */
  OfError packetOut(Ofproto bridge, PacketOut message, long nowNs) {
    SwitchBackend.Sending sending = prepare(bridge, message, nowNs, bridge.version());
    if (sending.error() == null) {
      sending.send().run();
    }
    return sending.error();
  }

  /** Runs a packet-out but for its end. */
  SwitchBackend.Sending prepare(Ofproto bridge, PacketOut message, long nowNs, long version) {
    OfError error = check(bridge, message);
    if (error != null) {
      return SwitchBackend.Sending.failed(error);
    }
    FlowKey key = key(bridge, message.data(), message.metadata());
    Job job = Job.packetOut(bridge, key, message.actions(), nowNs, version);
    Outcome outcome = upcalls.translate(job);
    if (Datapath.unsupported(outcome.actions()) != null) {
      return SwitchBackend.Sending.failed(OfError.OFPBAC_BAD_TYPE);
    }
    return new SwitchBackend.Sending(
        null,
        () -> {
          upcalls.perform(job, outcome, message.data().size());
          send(load(bridge, message.data(), message.metadata()), outcome);
        });
  }

  private static OfError check(Ofproto bridge, PacketOut message) {
    if (message.bufferId() != FlowMod.NO_BUFFER) {
      return OfError.OFPBRC_BUFFER_UNKNOWN;
    }
    if (Translator.refuses(message.actions()) != null) {
      return OfError.OFPBAC_BAD_TYPE;
    }
    if (message.data().size() > Packet.MAX_FRAME_BYTES) {
      return OfError.OFPBRC_BAD_LEN;
    }
    return References.check(bridge, message.actions());
  }

  /** Goes on with a packet that waited for a controller; null, or why that cannot be. */
  OfError resume(Ofproto bridge, PacketIn message, FrozenState frozen, long nowNs) {
    if (message.data().size() > Packet.MAX_FRAME_BYTES) {
      return OfError.OFPBRC_BAD_LEN;
    }
    FlowKey key = key(bridge, message.data(), message.metadata());
    Job job = Job.resumed(bridge, key, frozen.withMetadata(key), nowNs);
    Outcome outcome = upcalls.run(job, message.data().size());
    if (Datapath.unsupported(outcome.actions()) != null) {
      return OfError.OFPBAC_BAD_TYPE;
    }
    Packet packet = load(bridge, message.data(), message.metadata());
    packet.ctState = (int) key.get(Field.CT_STATE);
    packet.ctZone = (int) key.get(Field.CT_ZONE);
    packet.ctMark = (int) key.get(Field.CT_MARK);
    packet.ctLabelHi = key.getHigh(Field.CT_LABEL);
    packet.ctLabelLo = key.get(Field.CT_LABEL);
    send(packet, outcome);
    return null;
  }

  private void send(Packet packet, Outcome outcome) {
    datapath.execute(packet, outcome.actions());
    sent.incrementAndGet();
  }

  /** How many packets have been given to the packet threads. Any thread. */
  long sent() {
    return sent.get();
  }

  private FlowKey key(Ofproto bridge, Bytes frame, Match metadata) {
    FlowKey key = new FlowKey();
    FlowExtractor.extract(load(bridge, frame, metadata), key.words());
    overlay(metadata.key(), key);
    return key;
  }

  private Packet load(Ofproto bridge, Bytes data, Match metadata) {
    buffer.clear();
    Packet packet = buffer.append();
    byte[] frame = data.toArray();
    OffHeap.copyIn(frame, 0, packet.address, frame.length);
    packet.length = frame.length;
    int ofPort = (int) metadata.key().get(Field.IN_PORT);
    SwitchPort from = bridge.portTable().get(ofPort);
    packet.inPort = from == null ? 0 : Math.max(0, from.datapathPort());
    packet.packetType = (int) metadata.key().get(Field.PACKET_TYPE);
    Parser.parse(packet);
    return packet;
  }

  /** Adds the pipeline fields that came with the message; what is in the packet it says itself. */
  private static void overlay(FlowKey metadata, FlowKey key) {
    key.set(Field.IN_PORT, metadata.get(Field.IN_PORT));
    long[] from = metadata.words();
    long[] to = key.words();
    int port = Field.IN_PORT.word();
    for (int i = 0; i < from.length; i++) {
      if (i != port && isOfPipeline(i)) {
        to[i] |= from[i];
      }
    }
  }

  private static boolean isOfPipeline(int word) {
    boolean isHeader =
        (word >= Word.ETH_SRC && word < Word.CT_IPV4)
            || (word >= Word.NSH && word < Word.DATAPATH_COUNT);
    return !isHeader;
  }
}
