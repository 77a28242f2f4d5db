package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.FlowStats;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;

class OfEncoderTest {
  private static final OfAction OUTPUT = OfAction.Output.to(1);

  private static FlowStats flow(int table, int actions) {
    return new FlowStats(
        table,
        0,
        Match.any(),
        0,
        FlowMod.Timeouts.NONE,
        new FlowStats.Ages(0, 0, 0),
        new FlowRemoved.Counts(0, 0),
        0,
        0,
        Collections.nCopies(actions, OfAction.Output.to(1)));
  }

  /** A message is no longer than 64 kB, and a flow with many actions may be. */
  @Test
  void shouldSayWhatIsTooLargeForAReply() {
    Multipart.FlowStatsReply all =
        new Multipart.FlowStatsReply(List.of(flow(1, 1), flow(2, 9000), flow(3, 1)), true, false);
    OfEncoder.Encoded encoded = OfEncoder.encodeWhatFits(all, 7, Dialect.of(OfVersion.OF10));
    assertEquals(1, encoded.leftOut());
    assertEquals(1, encoded.frames().size());
  }

  /** Its length field could not say so, and what is behind would be read as another message. */
  @Test
  void shouldMakeNoMessageThatIsTooLargeByItselfOrWithinAnother() {
    FlowMod alone = FlowMod.builder().actions(Collections.nCopies(9000, OUTPUT)).build();
    FlowMod inBundle = FlowMod.builder().actions(Collections.nCopies(4091, OUTPUT)).build();
    Dialect dialect = Dialect.of(OfVersion.OF14);
    assertEquals(1, OfEncoder.encode(inBundle, 7, dialect).size());
    for (OfMessage tooLarge :
        List.of(
            alone,
            new OfMessage.BundleAdd(1, 0, alone),
            new OfMessage.BundleAdd(1, 0, inBundle),
            packetIn(PacketIn.Format.NXT_PACKET_IN2, 65_535, Bytes.of((byte) 1)))) {
      OfEncoder.Encoded encoded = OfEncoder.encodeWhatFits(tooLarge, 7, dialect);
      assertEquals(List.of(), encoded.frames());
      assertEquals(1, encoded.leftOut());
    }
  }

  /** The length of the whole is told beside it. */
  @Test
  void shouldCutAPacketThatNoMessageHoldsAndNoneThatFits() {
    for (PacketIn.Format format : PacketIn.Format.values()) {
      for (OfVersion version : OfVersion.values()) {
        for (int bytes : new int[] {65_000, 65_495, 65_535}) {
          String what = format + " " + version + " " + bytes;
          List<byte[]> frames =
              OfEncoder.encode(packetIn(format, bytes, null), 7, Dialect.of(version));
          assertEquals(1, frames.size(), what);
          PacketIn read = (PacketIn) OfDecoder.inspect(frames.getFirst()).message();
          assertEquals(bytes, read.totalBytes(), what);
          assertTrue(read.data().size() <= bytes && read.data().size() >= 65_000, what);
          assertTrue(bytes > 65_000 || read.data().size() == bytes, what);
        }
      }
    }
  }

  private static PacketIn packetIn(PacketIn.Format format, int bytes, Bytes continuation) {
    return new PacketIn(
        format,
        Bytes.of(new byte[bytes]),
        bytes,
        FlowMod.NO_BUFFER,
        PacketIn.Reason.ACTION,
        0,
        0,
        Match.any(),
        Bytes.EMPTY,
        continuation);
  }
}
