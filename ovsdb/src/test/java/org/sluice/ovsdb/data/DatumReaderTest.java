package org.sluice.ovsdb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values from JSON: what is accepted, and what is refused with which words. */
class DatumReaderTest {
  private static JsonNode json(String text) {
    return JsonText.parse(text.replace('\'', '"'));
  }

  private static ColumnType type(String text) throws OvsdbException {
    return TypeReader.columnType(json(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'integer' | 5 | 5",
        "'integer' | 1.0 | 1",
        "'real' | 5 | 5",
        "'boolean' | true | true",
        "{'key':'string','min':0,'max':'unlimited'} | ['set',['b','a']] | ['set',['a','b']]",
        "{'key':'string','min':0,'max':'unlimited'} | 'a' | 'a'",
        "{'key':'string','min':0,'max':'unlimited'} | ['set',['a']] | 'a'",
        "{'key':'string','value':'integer','min':0,'max':9} | ['map',[['a',1]]] | "
            + "['map',[['a',1]]]",
      })
  void shouldReadAndWriteBack(String type, String in, String out) throws OvsdbException {
    ColumnType columnType = type(type);
    Datum datum = DatumReader.read(json(in), columnType, null);
    assertEquals(JsonText.of(json(out)), JsonText.of(datum.toJson(columnType)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'integer' | 'x' | syntax '\"x\"': syntax error: expected integer",
        "'integer' | 1.5 | syntax '1.5': syntax error: expected integer",
        "'integer' | 1e30 | syntax '1e+30': syntax error: expected integer",
        "{'key':{'type':'integer','minInteger':1,'maxInteger':5}} | 9 | constraint violation: 9 is "
            + "not in the valid range 1 to 5 (inclusive)",
        "{'key':{'type':'integer','minInteger':1}} | 0 | constraint violation: 0 is less than "
            + "minimum allowed value 1",
        "{'key':{'type':'string','maxLength':2}} | 'abc' | constraint violation: 'abc' length 3 is "
            + "greater than maximum allowed length 2",
        "{'key':{'type':'string','enum':['set',['a','b']]}} | 'c' | constraint violation: c is not "
            + "one of the allowed values ([a, b])",
        "{'key':'integer','min':0,'max':2} | ['set',[1,2,3]] | syntax '['set',[1,2,3]]': syntax "
            + "error: set must have 0 to 2 members but 3 are present",
        "{'key':'integer','min':0,'max':2} | ['set',[1,1]] | ovsdb error: set contains duplicate",
        "'uuid' | ['uuid','x'] | syntax '['uuid','x']': syntax error: 'x' is not a valid UUID",
        "'uuid' | ['named-uuid','x'] | syntax '['named-uuid','x']': syntax error: expected "
            + "['uuid', <string>]",
      })
  void shouldRefuseInTheWordsOfOvs(String type, String in, String complaint) {
    OvsdbException thrown =
        assertThrows(OvsdbException.class, () -> DatumReader.read(json(in), type(type), null));
    assertEquals(
        complaint.replace('\'', '"').replace("\"\"", "\""),
        thrown.getMessage().replace("\"\"", "\""));
  }

  /** The half of a surrogate pair stands for three bytes that are not UTF-8. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'string' | '\\udd1e'",
        "{'key':'string','min':0,'max':2} | ['set',['a','\\udd1e']]",
      })
  void shouldRefuseStringsThatAreNotUtf8(String type, String in) {
    OvsdbException thrown =
        assertThrows(OvsdbException.class, () -> DatumReader.read(json(in), type(type), null));
    assertEquals(
        "constraint violation: not a valid UTF-8 string: invalid UTF-8 sequence 0xed 0xb4",
        thrown.getMessage());
  }

  @Test
  void shouldReadTypesBackAsWritten() throws OvsdbException {
    for (String text :
        List.of(
            "'string'",
            "{'key':'string','max':'unlimited','min':0}",
            "{'key':{'maxInteger':9,'minInteger':1,'type':'integer'}}",
            "{'key':{'maxReal':1.5,'type':'real'},'max':4}",
            "{'key':{'enum':['set',['a','b']],'type':'string'},'min':0}",
            "{'key':'integer','max':5,'min':0,'value':{'refTable':'T','refType':'weak',"
                + "'type':'uuid'}}")) {
      assertEquals(JsonText.of(json(text)), JsonText.of(type(text).toJson()));
    }
  }

  @Test
  void shouldNameTypesInEnglish() throws OvsdbException {
    assertEquals("string", type("'string'").toEnglish());
    assertEquals("set of up to 4 strings", type("{'key':'string','min':0,'max':4}").toEnglish());
    assertEquals(
        "map of (string, integer) pairs",
        type("{'key':'string','value':'integer','min':0,'max':'unlimited'}").toEnglish());
  }
}
