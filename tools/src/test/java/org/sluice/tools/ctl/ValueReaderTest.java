package org.sluice.tools.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sluice.ovsdb.data.AtomicType;
import org.sluice.ovsdb.data.BaseType;
import org.sluice.ovsdb.data.ColumnType;
import org.sluice.ovsdb.data.Datum;

/** Values as people type them. */
class ValueReaderTest {
  private static final BaseType STRING = BaseType.of(AtomicType.STRING);
  private static final BaseType VLAN =
      new BaseType(AtomicType.INTEGER, null, BaseType.Range.ofIntegers(0, 4095), null);
  private static final ColumnType STRINGS = new ColumnType(STRING, null, 0, ColumnType.UNLIMITED);
  private static final ColumnType VLANS = new ColumnType(VLAN, null, 0, 4096);
  private static final ColumnType MAP = new ColumnType(STRING, STRING, 0, ColumnType.UNLIMITED);

  private final ValueReader reader = new ValueReader(new Symbols());

  private static ColumnType type(String name) {
    return switch (name) {
      case "strings" -> STRINGS;
      case "vlans" -> VLANS;
      default -> MAP;
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          strings | []                 | []
          strings | a                  | [a]
          strings | "a b"              | ["a b"]
          strings | b, a c             | [a, b, c]
          strings | [ b ,a ]           | [a, b]
          strings | a\\:b              | ["a:b"]
          strings | "q\\u0041\\n"      | ["qA\\n"]
          vlans   | 3-5,1              | [1, 3, 4, 5]
          vlans   | 7                  | [7]
          map     | {}                 | {}
          map     | k=v                | {k=v}
          map     | {b="1 2" , a = x}  | {a=x, b="1 2"}
          """)
  void shouldReadWhatIsMeant(String type, String text, String meaning) {
    Datum datum = reader.datum(text, type(type));
    assertEquals(meaning, datum.toText(type(type)));
    assertEquals(datum, reader.datum(datum.toText(type(type)), type(type)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          strings | ``       | use "[]" to specify the empty set
          map     | ``       | use "{}" to specify the empty map
          strings | [a       | [a: missing "]" at end of data
          strings | [a] b    | [a] b: trailing garbage after "]"
          strings | a:b      | a:b: unexpected ":" parsing set of strings
          strings | a,a      | a,a: set contains duplicate value
          strings | "a       | "a: quoted string extends past end of argument
          strings | a\\      | a\\: backslash at end of argument
          strings | "\\q"    | "\\q": bad escape \\q
          map     | k        | k: syntax error at "" expecting "="
          map     | k=1,k=2  | k=1,k=2: map contains duplicate key
          map     | k=       | An empty string is not valid as input; use "" to represent the empty string
          vlans   | x        | "x" is not a valid integer or range
          vlans   | 5-3      | "5-3" is not a valid range. Range end cannot be before start.
          vlans   | 4096     | constraint violation: 4096 is not in the valid range 0 to 4095 (inclusive)
          vlans   | 1-9999   | constraint violation: 9999 is not in the valid range 0 to 4095 (inclusive)
          """)
  void shouldSayWhatIsWrong(String type, String text, String complaint) {
    CtlFailure failure = assertThrows(CtlFailure.class, () -> reader.datum(text, type(type)));
    assertEquals(complaint, failure.getMessage());
  }

  @Test
  void shouldBoundRanges() {
    ColumnType any = new ColumnType(BaseType.of(AtomicType.INTEGER), null, 0, 9);
    CtlFailure failure =
        assertThrows(CtlFailure.class, () -> reader.datum("0-9223372036854775807", any));
    assertEquals(
        "constraint violation: Range \"0-9223372036854775807\" is too big."
            + " Maximum allowed size is 4096.",
        failure.getMessage());
  }

  @Test
  void shouldCountElementsAgainstTheBounds() {
    CtlFailure failure =
        assertThrows(
            CtlFailure.class, () -> reader.datum("a b", new ColumnType(STRING, null, 0, 1)));
    assertEquals("a b: 2 value(s) specified but the maximum number is 1", failure.getMessage());
  }
}
