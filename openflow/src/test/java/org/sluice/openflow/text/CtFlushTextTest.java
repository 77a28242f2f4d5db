package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.openflow.message.CtFlush;

/** What connections to forget, as people write it; Open vSwitch's own words for mistakes. */
class CtFlushTextTest {
  private static CtFlush parse(String arguments) throws OfSyntaxException {
    return CtFlushText.parse(List.of(arguments.split(" ")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "ct_nw_src=10.1.1.1,ct_nw_dst=10.1.1.2,ct_nw_proto=17,ct_tp_src=1,ct_tp_dst=2|"
            + "'ct_nw_src=10.1.1.1,ct_nw_dst=10.1.1.2,ct_tp_src=1,ct_tp_dst=2,ct_nw_proto=17' "
            + "'ct_nw_src=::,ct_nw_dst=::,ct_tp_src=0,ct_tp_dst=0'",
        "mark=0x10/0xf0 labels=5 ct_nw_proto=6|"
            + "mark=0x10/0xf0 labels=0x5 "
            + "'ct_ipv6_src=::,ct_ipv6_dst=::,ct_tp_src=0,ct_tp_dst=0,ct_nw_proto=6' "
            + "'ct_ipv6_src=::,ct_ipv6_dst=::,ct_tp_src=0,ct_tp_dst=0'",
        "ct_ipv6_src=fd18::1,ct_nw_proto=58,icmp_id=7,icmp_type=128,icmp_code=0 ct_ipv6_src=fd18::2|"
            + "'ct_ipv6_src=fd18::1,ct_ipv6_dst=::,icmp_id=7,icmp_type=128,icmp_code=0,"
            + "ct_nw_proto=58' "
            + "'ct_ipv6_src=fd18::2,ct_ipv6_dst=::,icmp_id=0,icmp_type=0,icmp_code=0'"
      })
  void shouldWriteBothTuplesWhereOneWasRead(String text, String shown) throws OfSyntaxException {
    assertEquals(shown, CtFlushText.format(parse(text)));
  }

  @Test
  void shouldMeanAllConnectionsOfAZoneWhereNothingElseIsSaid() throws OfSyntaxException {
    CtFlush flush = parse("zone=0xffff");
    assertEquals(65535, flush.zone());
    assertEquals(true, flush.isForAll());
    assertEquals(false, parse("zone=1 mark=0/1").isForAll());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "zone=x|failed to parse zone",
        "zone=70000|failed to parse zone",
        "mark=x|failed to parse mark",
        "labels=x|failed to parse labels",
        "ct_nw_src=1.2.3|failed to parse field ct_nw_src",
        "ct_nw_src=1.1.1.1,ct_ipv6_dst=::1|the L3 protocol does not match ::1",
        "ct_nw_src=1.1.1.1,ct_nw_src=1.1.1.2|ct_nw_src is set multiple times",
        "ct_nw_src=|field ct_nw_src missing value",
        "ct_tp_src=1|port is set without protocol",
        "ct_nw_proto=6,icmp_id=1|invalid L4 fields",
        "ct_nw_proto=6,ct_tp_src=70000|failed to parse field ct_tp_src",
        "foo=1|invalid conntrack tuple field: foo",
        "ct_nw_proto=6 ct_tp_src=1 more|invalid arguments"
      })
  void shouldSayWhatIsWrong(String text, String problem) {
    assertEquals(problem, assertThrows(OfSyntaxException.class, () -> parse(text)).getMessage());
  }
}
