package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.openflow.message.GroupMod;
import org.sluice.openflow.message.MeterMod;
import org.sluice.openflow.message.OfVersion;

/** Groups and meters as people write them, and what is said of mistakes. */
class GroupTextTest {
  private static GroupMod group(String text) throws OfSyntaxException {
    return GroupParser.parse(GroupMod.Command.ADD, text, Names.NONE).message();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "group_id=1,type=select,bucket=weight:2,output:1|"
            + "ADD group_id=1,type=select,bucket=weight:2,actions=output:1",
        "group_id=7 type=all bucket=actions=1 bucket=actions=2|"
            + "ADD group_id=7,type=all,bucket=actions=output:1,bucket=actions=output:2",
        "group_id=3,type=ff,bucket=watch_port:5,actions=drop|"
            + "ADD group_id=3,type=ff,bucket=watch_port:5,actions=drop"
      })
  void shouldWriteAGroupAsOvsOfctlDoesWhenItWasRead(String text, String shown)
      throws OfSyntaxException {
    assertEquals(shown, new GroupFormatter(Names.NONE, OfVersion.OF13).format(group(text)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "type=all|must specify a group_id",
        "group_id=1|must specify a type",
        "group_id=1,type=odd|invalid group type odd",
        "group_id=1,type=ff,bucket=1|fast failover bucket requires watch_port or watch_group",
        "group_id=1,type=all,bucket=weight:3,1|Only select groups can have bucket weights.",
        "group_id=1,type=indirect,bucket=1,bucket=2|"
            + "Indirect groups can have at most one bucket.",
        "group_id=1,type=all,bucket=|bucket must specify actions"
      })
  void shouldSayWhatIsWrongWhenAGroupIs(String text, String problem) {
    assertEquals(problem, assertThrows(OfSyntaxException.class, () -> group(text)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "meter=1 band=type=drop rate=5|meter must specify either 'kbps' or 'pktps'",
        "kbps band=type=drop rate=5|must specify 'meter'",
        "meter=1 kbps|must specify bands",
        "meter=5,=,bands=type=drop,rate=1|meter must specify either 'kbps' or 'pktps'",
        "meter=1 kbps band=type=drop =|band must have 'rate'",
        "meter=1 kbps band=type=drop|band must have 'rate'",
        "meter=1 kbps band=type=dscp_remark rate=1|" + "'dscp_remark' band must have 'prec_level'"
      })
  void shouldSayWhatIsWrongWhenAMeterIs(String text, String problem) {
    OfSyntaxException wrong =
        assertThrows(OfSyntaxException.class, () -> MeterParser.parse(MeterMod.Command.ADD, text));
    assertEquals(problem, wrong.getMessage());
  }
}
