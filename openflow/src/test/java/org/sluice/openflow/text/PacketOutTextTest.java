package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.codec.FlowFormat;
import org.sluice.openflow.message.PacketOut;

/** Packets to send, as people write them; Open vSwitch's own words for mistakes. */
class PacketOutTextTest {
  private static final String HEADER = "0102030405060708090a0b0c0d0e";

  private static Parsed<PacketOut> parse(String text) throws OfSyntaxException {
    return PacketOutParser.parse(text, Names.NONE);
  }

  @Test
  void shouldReadAPacketAndWhereItIsToSeemToComeFrom() throws OfSyntaxException {
    PacketOut message = parse("in_port=LOCAL, packet=" + HEADER + " actions=output:2,3").message();
    assertEquals(OfPort.LOCAL, message.metadata().key().get(Field.IN_PORT));
    assertEquals(14, message.data().size());
    assertEquals(List.of(OfAction.Output.to(2), OfAction.Output.to(3)), message.actions());
  }

  @Test
  void shouldComeFromTheControllerAndBeDroppedWhereNothingIsSaid() throws OfSyntaxException {
    PacketOut message = parse("packet=" + HEADER).message();
    assertEquals(OfPort.CONTROLLER, message.metadata().key().get(Field.IN_PORT));
    assertEquals(List.of(), message.actions());
  }

  @Test
  void shouldKnowThatOldVersionsCannotSayMetadata() throws OfSyntaxException {
    Parsed<PacketOut> parsed = parse("metadata=5,packet=" + HEADER + ",actions=drop");
    assertEquals(5, parsed.message().metadata().key().get(Field.METADATA));
    assertFalse(parsed.formats().contains(FlowFormat.OF10));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "in_port=1|must specify packet",
        "packet=zz|packet: Trailing garbage in packet data",
        "packet=0102|packet: Packet data too short for Ethernet",
        "packet=" + HEADER + ",in_port=70000|70000 is not a valid OpenFlow port",
        "in_port=ALL,packet=" + HEADER + "|ALL is not a valid OpenFlow port for PACKET_OUT",
        "in_port=,packet=" + HEADER + "|field in_port missing value",
        "packet=" + HEADER + ",tcp_dst=1|tcp_dst is not a valid pipeline field for PACKET_OUT",
        "packet_type=1,packet=" + HEADER + "|packet_type(1) can't be interpreted",
        "foo=1|unknown keyword foo",
        "packet=" + HEADER + ",actions=foo|unknown action foo"
      })
  void shouldSayWhatIsWrong(String text, String problem) {
    assertEquals(problem, assertThrows(OfSyntaxException.class, () -> parse(text)).getMessage());
  }
}
