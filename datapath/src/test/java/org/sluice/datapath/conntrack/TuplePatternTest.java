package org.sluice.datapath.conntrack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.datapath.conntrack.PacketMaker.End;
import org.sluice.datapath.flow.FlowSyntaxException;

class TuplePatternTest {
  private final Conntrack conntrack = new Conntrack(1);

  @BeforeEach
  void openSome() {
    Tracker tracker = conntrack.newTracker();
    PacketMaker maker = new PacketMaker();
    TrackRequest commit = TrackRequest.commit(0);
    End server = new End("10.0.0.2", 53);
    tracker.track(maker.udp(new End("10.0.0.1", 1), server, ""), commit, 0);
    tracker.track(maker.udp(new End("10.0.0.1", 2), server, ""), commit, 0);
    tracker.track(maker.icmp(new End("10.0.0.1", 0), server, 8, 7), commit, 0);
    End server6 = new End("2001:db8::2", 53);
    tracker.track(maker.udp(new End("2001:db8::1", 1), server6, ""), commit, 0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "''; 4",
        "ct_nw_src=10.0.0.1; 3",
        "ct_nw_src=10.0.0.9; 0",
        "ct_nw_proto=17; 3",
        "ct_nw_src=10.0.0.1,ct_nw_dst=10.0.0.2,ct_nw_proto=17,ct_tp_src=2,ct_tp_dst=53; 1",
        "ct_ipv6_dst=2001:db8::2; 1",
        "ct_nw_proto=1,icmp_id=7,icmp_type=8,icmp_code=0; 1",
        "ct_nw_proto=1,icmp_id=8; 0",
      })
  void shouldFlushWhatThePatternNames(String text, int flushed) throws FlowSyntaxException {
    TuplePattern pattern = TuplePattern.parse(text);
    assertEquals(flushed, conntrack.flush(c -> pattern.matches(c.original())));
    assertEquals(4 - flushed, conntrack.limits().count());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "ct_nw_src; field ct_nw_src missing value",
        "ct_nw_src=1.2.3; failed to parse field ct_nw_src",
        "ct_ipv6_src=::g; failed to parse field ct_ipv6_src",
        "ct_tp_src=70000; failed to parse field ct_tp_src",
        "ct_tp_src=1; port is set without protocol",
        "icmp_id=1; invalid L4 fields",
        "nonsense=1; invalid conntrack tuple field: nonsense",
        "ct_nw_proto=6,ct_nw_proto=6; ct_nw_proto is set multiple times",
        "ct_nw_src=1.2.3.4,ct_ipv6_dst=::1; the L3 protocol does not match ::1",
      })
  void shouldSayWhatIsWrongWhenThePatternIs(String text, String message) {
    FlowSyntaxException error =
        assertThrows(FlowSyntaxException.class, () -> TuplePattern.parse(text));
    assertEquals(message, error.getMessage());
  }

  @Test
  void shouldKnowTheProtocolOfTheOtherDirectionToo() throws FlowSyntaxException {
    TuplePattern udp = TuplePattern.parse("ct_nw_src=10.0.0.1,ct_nw_proto=17");
    TuplePattern reply = udp.parseReply("ct_tp_dst=2");
    assertEquals(1, conntrack.flush(c -> udp.matches(c.original()) && reply.matches(c.reply())));
    assertThrows(FlowSyntaxException.class, () -> udp.parseReply("ct_ipv6_src=::1"));
  }

  @Test
  void shouldFlushNothingWhenZoneIsAnother() {
    assertEquals(0, conntrack.flushZone(1));
    assertEquals(4, conntrack.flushZone(0));
  }
}
