package org.sluice.base.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Open vSwitch's parser says of a text, this one says, to the byte. */
class JsonSyntaxTest {
  /** Backslash followed by {@code xNN} is a byte; two backslashes are one. */
  private static byte[] bytes(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' && text.charAt(i + 1) == '\\') {
        i++;
      } else if (c == '\\') {
        c = (char) Integer.parseInt(text.substring(i + 2, i + 4), 16);
        i += 3;
      }
      out.append(c);
    }
    return out.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String mistake(byte[] text) {
    return assertThrows(JsonMistake.class, () -> JsonSyntax.check(text, 1000)).getMessage();
  }

  /** From {@code LINE/COLUMN/BYTE WHAT}, as the table has it. */
  private static String expected(String answer) {
    String[] words = answer.split(" ", 2);
    Object[] numbers = words[0].split("/");
    return "line %s, column %s, byte %s: ".formatted(numbers) + words[1];
  }

  @ParameterizedTest
  @CsvFileSource(resources = "mistakes.txt", delimiter = '|', quoteCharacter = '`', emptyValue = "")
  void shouldSayWhatIsWrongAndWhere(String text, String answer) {
    assertEquals(expected(answer), mistake(bytes(text == null ? "" : text)));
  }

  /** Of a stream that stops at the byte where the mistake is, it cannot be known yet. */
  @ParameterizedTest
  @CsvFileSource(resources = "mistakes.txt", delimiter = '|', quoteCharacter = '`', emptyValue = "")
  void shouldSayTheSameOfAStreamThatComesByteByByte(String text, String answer) {
    byte[] bytes = bytes(text == null ? "" : text);
    int mistakenByte = Integer.parseInt(answer.split("[/ ]", 4)[2]);
    JsonSyntax syntax = new JsonSyntax(1000);
    try {
      boolean whole = false;
      for (int end = 1; end <= bytes.length && !whole; end++) {
        whole = syntax.scan(bytes, 0, end);
      }
      assertTrue(whole ? syntax.length() <= mistakenByte : bytes.length <= mistakenByte, answer);
    } catch (JsonMistake e) {
      assertEquals(expected(answer), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        " { } \\x0a",
        "[1, -0, -0.0, 1e-400, 0e99999, 1.5E+3]",
        "{\"a\": [true, false, null], \"a\": {}}",
        "[\"\\\\u00e9\\\\ud834\\\\udd1e\\\\\"\\\\\\\\\\\\/\"]",
        "[\"\\xff\\xc3\\x7f\", \"\\\\udd1e\"]",
      })
  void shouldAcceptWhatIsRight(String text) {
    assertDoesNotThrow(() -> JsonSyntax.check(bytes(text), 1000));
  }

  @Test
  void shouldBoundTheNesting() {
    String deepest = "[".repeat(1000) + "]".repeat(1000);
    assertDoesNotThrow(() -> JsonSyntax.check(deepest.getBytes(UTF_8), 1000));
    assertEquals(
        "line 0, column 5000, byte 5000: input exceeds maximum nesting depth 1000",
        mistake("{\"a\":".repeat(1001).getBytes(UTF_8)));
  }

  @Test
  void shouldRefuseNumbersThatNoDoubleHolds() throws Exception {
    String mistake = "number outside valid range";
    assertTrue(mistake(("[" + "9".repeat(400) + "]").getBytes(UTF_8)).endsWith(mistake));
    JsonSyntax.check(("[0." + "0".repeat(1200) + "1]").getBytes(UTF_8), 1);
    JsonSyntax.check(("[1." + "0".repeat(1200) + "]").getBytes(UTF_8), 1);
  }

  @Test
  void shouldStopBehindAMessageAndCountAnew() throws Exception {
    byte[] stream = "{\"a\":1}\n [x".getBytes(UTF_8);
    JsonSyntax syntax = new JsonSyntax(9);
    assertTrue(syntax.scan(stream, 0, stream.length));
    assertEquals(7, syntax.length());
    syntax.reset();
    assertTrue(syntax.drop(stream[7]));
    assertTrue(syntax.drop(stream[8]));
    assertFalse(syntax.drop(stream[9]));
    assertFalse(syntax.scan(stream, 9, stream.length));
    byte[] more = "[x]".getBytes(UTF_8);
    JsonMistake e = assertThrows(JsonMistake.class, () -> syntax.scan(more, 0, more.length));
    assertEquals("line 1, column 3, byte 4: invalid keyword 'x'", e.getMessage());
  }
}
