package org.sluice.tools.ovs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionReaderTest {
  private static OptionReader reader(String... words) {
    return new OptionReader(null, words);
  }

  @Test
  void shouldReadValuesJoinedAndApart() {
    OptionReader reader =
        reader("--target=a", "--target", "b", "-tc", "-t", "d", "word", "--target=e");
    for (String expected : List.of("a", "b")) {
      assertEquals("--target", reader.next());
      assertEquals(expected, reader.value());
    }
    for (String expected : List.of("c", "d")) {
      assertEquals("-t", reader.next());
      assertEquals(expected, reader.value());
    }
    assertNull(reader.next());
    assertEquals(List.of("word", "--target=e"), reader.rest());
  }

  @Test
  void shouldEndAtTwoDashes() {
    OptionReader reader = reader("--pretty", "--", "--not-an-option");
    assertEquals("--pretty", reader.next());
    assertNull(reader.next());
    assertEquals(List.of("--not-an-option"), reader.rest());
  }

  @Test
  void shouldSayWhatIsMissing() {
    OptionReader reader = reader("--target");
    assertEquals("--target", reader.next());
    String message = assertThrows(OptionReader.BadOption.class, reader::value).getMessage();
    assertEquals("option '--target' requires an argument", message);
  }

  @Test
  void shouldRefuseAValueThatNobodyTakes() {
    OptionReader reader = reader("--detach=5", "word");
    assertEquals("--detach", reader.next());
    String message = assertThrows(OptionReader.BadOption.class, reader::next).getMessage();
    assertEquals("option '--detach' doesn't allow an argument", message);
  }

  @Test
  void shouldRefuseATimeThatIsNone() {
    for (String bad : List.of("0", "-3", "soon", "")) {
      OptionReader reader = reader("--timeout=" + bad);
      assertEquals("--timeout", reader.next());
      assertThrows(OptionReader.BadOption.class, reader::seconds);
    }
  }
}
