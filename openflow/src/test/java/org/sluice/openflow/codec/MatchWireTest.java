package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.match.MatchBuilder;
import org.sluice.openflow.message.Note;
import org.sluice.openflow.message.OfError;

/** Matches on the wire, by themselves. */
final class MatchWireTest {
  @Test
  void shouldWarnOfAPortThatTheSwitchCannotHave() {
    byte[] match = MatchWire.write11(new MatchBuilder().exact(Field.IN_PORT, 7).build());
    System.arraycopy(new byte[] {0x12, 0x34, 0x56, 0x78}, 0, match, 4, 4);
    MatchWire.Read read = MatchWire.read11(match);
    assertEquals(OfError.OFPBMC_BAD_VALUE, read.error());
    assertEquals(
        List.of(
            Note.Remark.warning(
                "ofp_port",
                "port 305419896 is outside the supported range 0 through 65279"
                    + " or 0xffffff00 through 0xffffffff")),
        read.notes());
  }
}
