package org.sluice.openflow.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Entries byte by byte, there and back. */
class NxmTextTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<any>",
        "NXM_OF_IN_PORT(0001), NXM_OF_ETH_DST_W(010000000000/010000000000)",
        "NXM_NX_COOKIE_W(84200000abcdef01/84200000ffffffff)",
        "NXOXM_ET_ERSPAN_VER(01)",
        "OXM_OF_IN_PORT(00000001)"
      })
  void shouldReadWhatItWroteWhenTheTextIsItsOwn(String text) throws OfSyntaxException {
    assertEquals(text, NxmText.format(NxmText.parse(text)));
  }

  @Test
  void shouldSayWhichFieldWhenItDoesNotExist() {
    OfSyntaxException wrong =
        assertThrows(OfSyntaxException.class, () -> NxmText.parse("NXM_OF_NONE(00)"));
    assertEquals("NXM_OF_NONE(00): unknown field `NXM_OF_NONE'", wrong.getMessage());
  }
}
