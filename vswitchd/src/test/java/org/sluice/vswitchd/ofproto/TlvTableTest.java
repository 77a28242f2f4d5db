package org.sluice.vswitchd.ofproto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.datapath.flow.Field;
import org.sluice.openflow.message.NiciraMessage.TlvCommand;
import org.sluice.openflow.message.NiciraMessage.TlvMapping;
import org.sluice.openflow.message.NiciraMessage.TlvTableMod;
import org.sluice.openflow.message.OfError;

class TlvTableTest {
  private final TlvTable table = new TlvTable();
  private Field used;

  private OfError change(TlvCommand command, TlvMapping... mappings) {
    return table.apply(new TlvTableMod(command, List.of(mappings)), field -> field == used);
  }

  private static TlvMapping option(int type, int bytes, int field) {
    return new TlvMapping(0xffff, type, bytes, field);
  }

  @Test
  void shouldTellFieldsByNumberWhateverOrderTheyCameIn() {
    assertNull(change(TlvCommand.ADD, option(9, 8, 3), option(1, 4, 0)));
    assertNull(change(TlvCommand.DELETE, option(0, 4, 17)));
    assertEquals(List.of(option(1, 4, 0), option(9, 8, 3)), table.reply().mappings());
    assertNull(change(TlvCommand.CLEAR));
    assertEquals(List.of(), table.reply().mappings());
  }

  @Test
  void shouldChangeNothingWhenOneOfSeveralIsWrong() {
    assertNull(change(TlvCommand.ADD, option(1, 4, 0)));
    assertEquals(
        OfError.NXTTMFC_ALREADY_MAPPED, change(TlvCommand.ADD, option(2, 4, 1), option(3, 4, 0)));
    assertEquals(
        OfError.NXTTMFC_DUP_ENTRY, change(TlvCommand.ADD, option(2, 4, 1), option(1, 4, 2)));
    assertEquals(List.of(option(1, 4, 0)), table.reply().mappings());
  }

  @Test
  void shouldKeepWhatARuleNames() {
    assertNull(change(TlvCommand.ADD, option(1, 4, 0), option(2, 4, 1)));
    used = Field.TUN_METADATA1;
    assertEquals(OfError.NXTTMFC_INVALID_TLV_DEL, change(TlvCommand.CLEAR));
    assertEquals(
        OfError.NXTTMFC_INVALID_TLV_DEL,
        change(TlvCommand.DELETE, option(1, 4, 0), option(2, 4, 1)));
    assertEquals(2, table.reply().mappings().size());
    assertNull(change(TlvCommand.DELETE, option(1, 4, 0)));
  }

  @Test
  void shouldRefuseMoreBytesThanAllFieldsHave() {
    assertNull(change(TlvCommand.ADD, option(1, 124, 0), option(2, 124, 1), option(3, 8, 2)));
    assertEquals(OfError.NXTTMFC_TABLE_FULL, change(TlvCommand.ADD, option(4, 4, 3)));
    assertNull(change(TlvCommand.DELETE, option(3, 8, 2)));
    assertNull(change(TlvCommand.ADD, option(4, 4, 3)));
  }
}
