package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.action.Ct;
import org.sluice.openflow.action.Nat;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.match.ActionCheck;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.AsyncConfig;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowRemoved;
import org.sluice.openflow.message.Multipart;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;
import org.sluice.openflow.message.PacketOut;
import org.sluice.openflow.message.PortDescription;
import org.sluice.openflow.message.PortStats;
import org.sluice.openflow.text.OfSyntaxException;

/**
 * Bytes that lie give an error value and nothing else, whatever they are. {@code -DfuzzSeconds=N}
 * goes on for longer.
 */
class DecoderFuzzTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());
  private static final int ROUNDS = 4_000;

  /** For each version. */
  private static final long NANOS =
      Long.getLong("fuzzSeconds", 0) * 1_000_000_000L / OfVersion.values().length;

  /** Of a switch, which refuses options that it does not have. */
  private static final OptionLayout OPTIONS =
      OptionLayout.NONE.with(Field.TUN_METADATA0, 4, false).with(Field.TUN_METADATA5, 8, false);

  private static PacketIn packetIn(PacketIn.Format format) {
    return new PacketIn(
        format,
        Bytes.ofHex("00112233445566778899aabb0800"),
        14,
        FlowMod.NO_BUFFER,
        PacketIn.Reason.ACTION,
        3,
        0x77,
        new MatchBuilder().exact(Field.IN_PORT, 4).exact(Field.REG0, 9).build(),
        Bytes.EMPTY,
        null);
  }

  /** A flow whose actions all find something to work on, which 1.1 and later ask for. */
  private static FlowMod consistent(RandomFlows random, boolean extended) throws OfSyntaxException {
    FlowMod mod = random.next(extended);
    while (ActionCheck.judge(mod.match(), mod.table(), mod.actions()).inconsistent()) {
      mod = random.next(extended);
    }
    return mod;
  }

  private static List<OfMessage> samples(OfVersion version) throws OfSyntaxException {
    RandomFlows random = new RandomFlows(SEED);
    List<OfMessage> messages = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      FlowMod mod = consistent(random, version != OfVersion.OF11);
      messages.add(mod);
      messages.add(
          new PacketOut(
              FlowMod.NO_BUFFER,
              packetIn(PacketIn.Format.STANDARD).metadata(),
              List.of(OfAction.Output.to(2)),
              Bytes.ofHex("0011")));
      messages.add(
          new FlowRemoved(
              FlowRemoved.Reason.DELETE,
              1,
              5,
              mod.match(),
              7,
              FlowMod.Timeouts.NONE,
              1_500_000_000L,
              new FlowRemoved.Counts(1, 60),
              false));
    }
    messages.add(packetIn(PacketIn.Format.STANDARD));
    messages.add(packetIn(PacketIn.Format.NXT_PACKET_IN2));
    messages.add(OfMessage.Hello.of(EnumSet.allOf(OfVersion.class)));
    messages.add(new OfMessage.ErrorReport(OfError.OFPBRC_BAD_LEN, Bytes.ofHex("0102")));
    messages.add(new OfMessage.PortStatus(1, port()));
    messages.add(new Multipart.PortDescriptionReply(List.of(port(), port()), false));
    messages.add(new Multipart.PortStatsReply(List.of(portStats()), false));
    messages.add(new Multipart.FlowStatsRequest(Multipart.FlowQuery.all(), false));
    if (version.isAtLeast(OfVersion.OF13)) {
      messages.add(new AsyncConfig.SetAll(AsyncConfig.standard(version), false));
      messages.add(new OfMessage.BundleAdd(3, 1, consistent(random, true)));
    }
    return messages;
  }

  private static PortDescription port() {
    PortDescription.Features features = new PortDescription.Features(0x840, 0, 0, 0, 0, 0);
    return new PortDescription(1, 0x001122334455L, "eth0", 0, 0, features);
  }

  private static PortStats portStats() {
    PortStats.Direction way = new PortStats.Direction(1, 2, 3, 4);
    return new PortStats(7, way, way, new PortStats.ReceiveErrors(5, 6, 7), 8, -1);
  }

  private static byte[] encode(OfMessage message, OfVersion version) {
    Dialect dialect = new Dialect(version, true, version == OfVersion.OF10);
    return OfEncoder.encode(message, 5, dialect).getFirst();
  }

  @ParameterizedTest
  @EnumSource(OfVersion.class)
  void shouldGiveAValueWhenAnyByteIsChanged(OfVersion version) throws OfSyntaxException {
    Random random = new Random(SEED);
    List<OfMessage> messages = samples(version);
    long end = System.nanoTime() + NANOS;
    for (int round = 0; round < ROUNDS || System.nanoTime() < end; round++) {
      byte[] bytes = encode(messages.get(random.nextInt(messages.size())), version);
      int changes = 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        int at = 8 + random.nextInt(Math.max(1, bytes.length - 8));
        if (at < bytes.length) {
          bytes[at] = (byte) (random.nextBoolean() ? random.nextInt() : bytes[at] ^ 1 << (i & 7));
        }
      }
      decode(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource(OfVersion.class)
  void shouldGiveAValueWhenCutAnywhere(OfVersion version) throws OfSyntaxException {
    for (OfMessage message : samples(version)) {
      byte[] whole = encode(message, version);
      for (int length = 0; length < whole.length; length++) {
        byte[] cut = Arrays.copyOf(whole, length);
        if (length >= 4) {
          cut[2] = (byte) (length >>> 8);
          cut[3] = (byte) length;
        }
        decode(cut);
      }
    }
  }

  private static void decode(byte[] bytes) {
    try {
      assertNotNull(OfDecoder.decode(bytes, true));
      assertNotNull(OfDecoder.decode(bytes, true, OPTIONS));
    } catch (RuntimeException | AssertionError | StackOverflowError thrown) {
      throw new AssertionError(
          "seed " + SEED + " bytes " + HexFormat.of().formatHex(bytes), thrown);
    }
  }

  @ParameterizedTest
  @EnumSource(OfVersion.class)
  void shouldReadBackEveryMessageWhenItWroteIt(OfVersion version) throws OfSyntaxException {
    for (OfMessage message : samples(version)) {
      byte[] once = encode(message, version);
      Decoded decoded = OfDecoder.decode(once, version == OfVersion.OF10);
      Decoded.Ok ok =
          assertInstanceOf(Decoded.Ok.class, decoded, "seed " + SEED + " " + message + decoded);
      assertEquals(
          ok,
          OfDecoder.decode(encode(ok.message(), version), version == OfVersion.OF10),
          "seed " + SEED);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0963000800000001, OFPBRC_BAD_TYPE",
    "0463000800000001, OFPBRC_BAD_TYPE",
    "0405000900000001, OFPBRC_BAD_LEN",
    "04050010000000010000000000000000, OFPBRC_BAD_LEN",
    "0404001000000001deadbeef00000001, OFPBRC_BAD_VENDOR",
    "04040010000000010000232000009999, OFPBRC_BAD_SUBTYPE",
    "041200100000000177770000" + "00000000, OFPBRC_BAD_STAT",
    "0418001800000001000000090000000000000000" + "00000000, OFPRRFC_BAD_ROLE",
    // A packet-out of 1.3 with an action that Open vSwitch debugs itself with.
    "040d002800000001ffffffff00000001001000000000"
        + "0000ffff00100000232000fe000000000000, OFPBAC_BAD_VENDOR_TYPE"
  })
  void shouldSayWhatOpenVswitchSaysWhenHeaderIsWrong(String hex, OfError expected) {
    Decoded decoded = OfDecoder.decode(HexFormat.of().parseHex(hex), false);
    assertEquals(expected, assertInstanceOf(Decoded.Bad.class, decoded).error());
  }

  private static Decoded decodeCt(int flags, Nat nat) {
    OfAction ct = new Ct(flags, null, 1, Ct.NO_TABLE, 0, List.of(nat));
    Match ip = new MatchBuilder().exact(Field.ETH_TYPE, 0x800).build();
    FlowMod flow = FlowMod.builder().table(0).match(ip).actions(List.of(ct)).build();
    return OfDecoder.decode(encode(flow, OfVersion.OF15), false);
  }

  @Test
  void shouldRefuseToChooseATranslationThatIsNotRemembered() {
    Nat source = new Nat(Nat.SRC, null, 0, 0);
    assertInstanceOf(Decoded.Ok.class, decodeCt(Ct.COMMIT, source));
    assertInstanceOf(Decoded.Ok.class, decodeCt(0, Nat.AS_BEFORE));
    Decoded.Bad bad = assertInstanceOf(Decoded.Bad.class, decodeCt(0, source));
    assertEquals(OfError.OFPBAC_BAD_ARGUMENT, bad.error());
  }

  @Test
  void shouldRefuseWhenActionsNestTooDeep() {
    List<OfAction> nested = List.of(OfAction.Output.to(1));
    for (int i = 0; i < 500; i++) {
      nested = List.of(new OfAction.Clone(nested));
    }
    byte[] bytes = encode(FlowMod.builder().table(0).actions(nested).build(), OfVersion.OF13);
    Decoded decoded = OfDecoder.decode(bytes, false);
    assertEquals(OfError.OFPBAC_BAD_ARGUMENT, assertInstanceOf(Decoded.Bad.class, decoded).error());
  }
}
