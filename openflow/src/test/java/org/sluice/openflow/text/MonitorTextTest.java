package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.Match;
import org.sluice.openflow.action.OfPort;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMonitor;

/** What {@code watch:} asks for, and Open vSwitch's own words for mistakes. */
class MonitorTextTest {
  private static FlowMonitor parse(String text) throws OfSyntaxException {
    return MonitorParser.parse(text, 3, Names.NONE).monitor();
  }

  @Test
  void shouldWatchEverythingWhereNothingIsSaid() throws OfSyntaxException {
    FlowMonitor all = parse("");
    assertEquals(3, all.id());
    assertEquals(FlowMonitor.Command.ADD, all.command());
    assertEquals(
        FlowMonitor.INITIAL
            | FlowMonitor.ADD
            | FlowMonitor.REMOVED
            | FlowMonitor.MODIFY
            | FlowMonitor.INSTRUCTIONS
            | FlowMonitor.ONLY_OWN,
        all.flags());
    assertEquals(FlowMod.ANY_TABLE, all.table());
    assertEquals(Match.any(), all.match());
    assertEquals(new FlowMod.Filter(OfPort.NONE, FlowMod.Filter.ANY_GROUP), all.filter());
  }

  @Test
  void shouldLeaveOutWhatIsCrossedOut() throws OfSyntaxException {
    FlowMonitor some = parse("!initial,!delete,!modify,!actions,!own");
    assertEquals(FlowMonitor.ADD, some.flags());
    assertEquals(FlowMonitor.INITIAL, parse("!add !delete !modify !actions !own !abbrev").flags());
  }

  @Test
  void shouldWatchSomeRulesOnly() throws OfSyntaxException {
    FlowMonitor some = parse("table=2,tcp,nw_dst=10.0.0.0/8,out_port=7,out_group=9");
    assertEquals(2, some.table());
    assertEquals(new FlowMod.Filter(7, 9), some.filter());
    assertEquals(0x0800, some.match().key().get(Field.ETH_TYPE));
    assertEquals(6, some.match().key().get(Field.NW_PROTO));
    assertEquals(0xff00_0000L, some.match().mask().get(Field.IP_DST));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "foo|foo: field foo missing value",
        "foo=1|foo=1: unknown keyword foo",
        "!foo|!foo: field !foo missing value",
        "table=x|unknown table \"x\"",
        "table=300|unknown table \"300\""
      })
  void shouldSayWhatIsWrong(String text, String problem) {
    assertEquals(problem, assertThrows(OfSyntaxException.class, () -> parse(text)).getMessage());
  }
}
