package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.openflow.message.OfError;
import org.sluice.openflow.message.OfMessage.TableMod;
import org.sluice.openflow.message.OfVersion;
import org.sluice.openflow.message.PacketIn;

/** Properties in messages that are written out byte by byte. */
class PropertyTest {
  /** An experimenter's property of its type 3, which in a packet-in is the table's number. */
  private static final String STRANGE = "ffff00100000ffff0000000307000000";

  private static Decoded decode(String hex) {
    return OfDecoder.decode(HexFormat.of().parseHex(hex), false);
  }

  /** What it is about only the experimenter knows; a controller passes over it. */
  @Test
  void shouldNotTakeAnExperimentersPropertyForItsOwn() {
    String header = "0404002000000005000023200000001e";
    Decoded.Ok ok = assertInstanceOf(Decoded.Ok.class, decode(header + STRANGE));
    assertEquals(0, assertInstanceOf(PacketIn.class, ok.message()).table());
  }

  /** A switch that is told to go on refuses what it does not understand. */
  @Test
  void shouldRefuseAnExperimentersPropertyThatChangesTheSwitch() {
    String resume = "0404002000000005000023200000001c";
    assertRefused(OfError.OFPBPC_BAD_EXP_TYPE, resume + STRANGE);
    String portMod =
        "0510003000000005" + "00000001" + "00000000" + "0a0000000001" + "0000" + "0000000000000000";
    String advertise = "ffff00100000ffff0000000000000001";
    assertRefused(OfError.OFPBPC_BAD_EXP_TYPE, portMod + advertise);
    assertRefused(OfError.OFPBRC_BAD_TYPE, "0511002000000005" + "0000000000000000" + STRANGE);
  }

  private static void assertRefused(OfError error, String hex) {
    assertEquals(new Decoded.Bad(5, error), decode(hex));
  }

  @ParameterizedTest
  @CsvSource({
    "0003000814500000, ",
    "0003000864640000, ",
    "0003000850140000, OFPBPC_BAD_VALUE",
    "0003000814650000, OFPBPC_BAD_VALUE",
    "0003000814502800, OFPBPC_BAD_VALUE",
    "000300061450 0000, OFPBPC_BAD_LEN",
  })
  void shouldRefuseAVacancyThatNoTableCanHave(String property, OfError error) {
    String mod = "0511001800000005" + "0000000000000008" + property.replace(" ", "");
    Decoded decoded = decode(mod);
    if (error != null) {
      assertEquals(new Decoded.Bad(5, error), decoded);
    } else {
      Decoded.Ok ok = assertInstanceOf(Decoded.Ok.class, decoded);
      assertInstanceOf(TableMod.class, ok.message());
    }
  }

  /** A tool that changes one setting of a table sends the others back as the switch told them. */
  @Test
  void shouldNotTellASwitchHowMuchOfATableIsFree() {
    TableMod.Vacancy told = new TableMod.Vacancy(true, 20, 80, 97);
    TableMod mod =
        new TableMod(0, TableMod.Miss.UNSPECIFIED, new TableMod.Eviction(true, -1), told);
    byte[] bytes = OfEncoder.encode(mod, 5, Dialect.of(OfVersion.OF14)).getFirst();
    Decoded.Ok ok = assertInstanceOf(Decoded.Ok.class, OfDecoder.decode(bytes, false));
    assertEquals(
        new TableMod.Vacancy(true, 20, 80, 0),
        assertInstanceOf(TableMod.class, ok.message()).vacancy());
  }
}
