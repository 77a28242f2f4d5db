package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.OptionLayout;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.text.ActionFormatter;
import org.sluice.openflow.text.FlowParser;
import org.sluice.openflow.text.MatchFormatter;
import org.sluice.openflow.text.Names;
import org.sluice.openflow.text.OfSyntaxException;

/** Fields whose length only a switch knows: what is written of them, and what a switch reads. */
class TunnelOptionTest {
  /** A switch with options of four and of eight bytes. */
  private static final OptionLayout TABLE =
      OptionLayout.NONE.with(Field.TUN_METADATA0, 4, false).with(Field.TUN_METADATA1, 8, false);

  private static FlowMod flow(String text) throws OfSyntaxException {
    return FlowParser.parse(FlowMod.Command.ADD, text, Names.NONE);
  }

  private static byte[] encoded(String text, OfVersion version) throws OfSyntaxException {
    return OfEncoder.encode(flow(text), 1, new Dialect(version, true, false)).getFirst();
  }

  /** As Debian's {@code ovs-ofctl} writes them. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tun_metadata0=0xab,actions=drop | 00015001ab",
        "tun_metadata0=0xabcd,tun_metadata1=0xef/0xff,actions=drop | 00015002abcd00015302efff",
        "tun_metadata3,actions=drop | 00015700",
        "tun_metadata0=0,actions=drop | 00015000",
        "tun_metadata0=0/0x1,actions=drop | 000151020001",
        "tun_metadata0[0..7]=5,actions=drop | 0001510205ff",
        "actions=set_field:0xa->tun_metadata0 | 0019001000 0150010a",
        "actions=set_field:0xa/0xf->tun_metadata0 | 00002320002100 0151020a0f",
        "actions=load:0x5->tun_metadata0[0..31] | 000023200021000151 0800000005ffffffff",
        "actions=move:tun_metadata0->tun_metadata1 | 03e0000000000001507c0001527c",
      })
  void shouldWriteAsManyBytesAsItTakes(String text, String wire) throws OfSyntaxException {
    String hex = HexFormat.of().formatHex(encoded(text, OfVersion.OF13));
    assertTrue(hex.contains(wire.replace(" ", "")), hex);
  }

  private static Decoded read(String text) throws OfSyntaxException {
    return OfDecoder.decode(encoded(text, OfVersion.OF13), false, TABLE);
  }

  private static String readBack(String text) throws OfSyntaxException {
    Decoded.Ok ok = assertInstanceOf(Decoded.Ok.class, read(text));
    FlowMod mod = assertInstanceOf(FlowMod.class, ok.message());
    String match = MatchFormatter.format(mod.match(), Names.NONE);
    return match + " actions=" + new ActionFormatter(Names.NONE).format(mod.actions());
  }

  @Test
  void shouldReadWhatASwitchKnows() throws OfSyntaxException {
    for (String text :
        new String[] {
          "tun_metadata0=0xabcd,tun_metadata1=0xef/0xff actions=drop",
          "tun_metadata0 actions=move:NXM_NX_TUN_METADATA0[0..31]->NXM_NX_REG0[]",
          "actions=set_field:0x12/0xff->tun_metadata1,delete_field:tun_metadata0",
        }) {
      assertEquals(text, readBack(text.replace(" actions", ",actions")).strip());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tun_metadata2=1,actions=drop | NXFMFC_INVALID_TLV_FIELD",
        "actions=set_field:1->tun_metadata2 | NXFMFC_INVALID_TLV_FIELD",
        "actions=delete_field:tun_metadata2 | NXFMFC_INVALID_TLV_FIELD",
        "actions=push:tun_metadata2[0..3] | NXFMFC_INVALID_TLV_FIELD",
        "actions=move:tun_metadata0[32..63]->reg0 | OFPBAC_BAD_SET_LEN",
        "actions=output:tun_metadata0[32..63] | OFPBAC_BAD_SET_LEN",
        "actions=learn(tun_metadata0[32..63]=reg0[0..31]) | OFPBAC_BAD_SET_LEN",
      })
  void shouldSayWhatASwitchDoesNotKnow(String text, OfError error) throws OfSyntaxException {
    assertEquals(error, assertInstanceOf(Decoded.Bad.class, read(text)).error());
  }

  @Test
  void shouldSayWhatCannotBeMatched() {
    assertEquals(
        "field tun_metadata0 set multiple times",
        assertThrows(
                OfSyntaxException.class, () -> flow("tun_metadata0,tun_metadata0,actions=drop"))
            .getMessage());
    StringBuilder much = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      much.append("tun_metadata").append(i).append("=0x").append("1".repeat(128)).append(',');
    }
    assertEquals(
        "field tun_metadata4 exceeds maximum size for tunnel metadata (used 320, max 256)",
        assertThrows(OfSyntaxException.class, () -> flow(much + "actions=drop")).getMessage());
  }
}
