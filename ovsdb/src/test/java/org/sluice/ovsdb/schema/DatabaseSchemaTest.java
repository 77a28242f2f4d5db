package org.sluice.ovsdb.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.ovsdb.data.JsonText;
import org.sluice.ovsdb.data.OvsdbException;

/** Schemas: the shipped ones are whole, wrong ones are refused. */
class DatabaseSchemaTest {
  @Test
  void shouldShipTheSwitchSchemaInFull() {
    DatabaseSchema schema = ShippedSchemas.openVswitch();
    assertEquals("8.8.0", schema.version());
    assertEquals(19, schema.tables().size());
    assertEquals(190, schema.tables().stream().mapToInt(t -> t.ownColumns().size()).sum());
    assertTrue(schema.table("Open_vSwitch").isRoot());
    assertFalse(schema.table("Bridge").isRoot());
    assertEquals(1, schema.table("SSL").maxRows());
    assertEquals("name", schema.table("Port").indexes().getFirst().getFirst().name());
    assertFalse(schema.table("Interface").column("statistics").persistent());
    assertFalse(schema.table("Interface").column("name").mutable());
  }

  @Test
  void shouldReadBackWhatItWrites() throws OvsdbException {
    for (DatabaseSchema schema :
        new DatabaseSchema[] {ShippedSchemas.openVswitch(), ShippedSchemas.server()}) {
      String text = JsonText.of(schema.toJson());
      assertEquals(text, JsonText.of(DatabaseSchema.fromJson(JsonText.parse(text)).toJson()));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'tables':{}} | Required 'name' member is missing.",
        "{'name':'a','tables':{},'x':1} | Member 'x' is present but not allowed here.",
        "{'name':'a','version':'1','tables':{}} | schema version '1' not in format x.y.z",
        "{'name':'a','tables':{'T':{'columns':{}}}} | table must have at least one column",
        "{'name':'a','tables':{'_T':{'columns':{}}}} | names beginning with '_' are reserved",
        "{'name':'a','tables':{'T':{'columns':{'c':{'type':'x'}}}}} | 'x' is not an atomic-type",
        "{'name':'a','tables':{'T':{'columns':{'c':{'type':{'key':{'type':'uuid','refTable':'U'}}"
            + "}}}}} | column c key refers to undefined table U",
        "{'name':'a','tables':{'T':{'columns':{'c':{'type':'string','ephemeral':true}},"
            + "'indexes':[['c']]}}} | ephemeral columns (such as c) may not be indexed",
      })
  void shouldRefuseWrongSchema(String schema, String complaint) {
    OvsdbException thrown =
        assertThrows(
            OvsdbException.class,
            () -> DatabaseSchema.fromJson(JsonText.parse(schema.replace('\'', '"'))));
    String details = thrown.error().details().replace('"', '\'');
    assertTrue(details.endsWith(complaint), details);
  }

  /**
   * The name reaches the client as it is, but no log line and no terminal can be forged with it.
   */
  @Test
  void shouldComplainInOneLineOfANameInTwo() {
    String schema = "{\"name\":\"a\",\"tables\":{},\"x\\ny\":1}";
    OvsdbException thrown =
        assertThrows(OvsdbException.class, () -> DatabaseSchema.fromJson(JsonText.parse(schema)));
    assertTrue(thrown.error().details().contains("Member 'x\ny' is present"));
    assertTrue(thrown.getMessage().contains("Member 'x\\u000ay' is present"));
  }
}
