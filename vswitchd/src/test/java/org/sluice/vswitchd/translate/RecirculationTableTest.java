package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.datapath.flow.FlowKey;
import org.sluice.openflow.action.Bytes;

class RecirculationTableTest {
  private final RecirculationTable table = new RecirculationTable(3);

  private static FrozenState state(int atTable, long register) {
    FlowKey key = new FlowKey();
    key.set(Field.REG5, register);
    key.set(Field.IN_PORT, 7);
    key.set(Field.ETH_SRC, 99);
    return new FrozenState(
        "br0", atTable, key, List.of(), true, List.of(), List.of(), Bytes.EMPTY, 0);
  }

  @Test
  void shouldGiveEqualStatesOneId() {
    assertEquals(1, table.idOf(state(1, 5), 0));
    assertEquals(2, table.idOf(state(1, 6), 0));
    assertEquals(1, table.idOf(state(1, 5), 0));
    assertEquals(state(1, 6), table.find(2, 0));
    assertNull(table.find(3, 0));
  }

  @Test
  void shouldRefuseWhenFull() {
    for (int i = 1; i <= 3; i++) {
      assertEquals(i, table.idOf(state(i, 0), 0));
    }
    assertEquals(RecirculationTable.NONE, table.idOf(state(4, 0), 0));
  }

  @Test
  void shouldGiveUpOnlyWhatNobodyNeedsAnyMore() {
    table.idOf(state(1, 0), 0);
    table.idOf(state(2, 0), 0);
    table.touch(2, RecirculationTable.LINGER_NS);
    assertEquals(1, table.expire(RecirculationTable.LINGER_NS + 1));
    assertNull(table.find(1, 0));
    assertEquals(state(2, 0), table.find(2, 0));
    assertEquals(3, table.idOf(state(1, 0), RecirculationTable.LINGER_NS + 1));
  }

  @Test
  void shouldFreezeMetadataAndNothingElse() {
    FlowKey packet = new FlowKey();
    packet.set(Field.ETH_SRC, 1);
    packet.set(Field.REG0, 3);
    state(1, 5).thawInto(packet);
    assertEquals(1, packet.get(Field.ETH_SRC));
    assertEquals(0, packet.get(Field.REG0));
    assertEquals(5, packet.get(Field.REG5));
    assertEquals(7, packet.get(Field.IN_PORT));
  }
}
