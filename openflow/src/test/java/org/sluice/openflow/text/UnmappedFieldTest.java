package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Options of tunnels have a place in a packet's key only where a switch has given them one. */
class UnmappedFieldTest {
  private static final String FIELD = "tun_metadata0=1";

  private static void assertRefused(Executable parsing) {
    assertEquals(
        "tun_metadata0: tunnel options are not mapped",
        assertThrows(OfSyntaxException.class, parsing).getMessage());
  }

  @Test
  void shouldRefuseTunnelOptionsWhereverFieldsAreRead() {
    assertRefused(() -> FlowParser.parseMatch(FIELD, Names.NONE));
    assertRefused(() -> ExactFlowParser.parse(FIELD, Names.NONE));
    assertRefused(() -> MonitorParser.parse(FIELD, 1, Names.NONE));
    assertRefused(() -> PacketOutParser.parse("in_port=1," + FIELD + ",packet=00", Names.NONE));
  }
}
