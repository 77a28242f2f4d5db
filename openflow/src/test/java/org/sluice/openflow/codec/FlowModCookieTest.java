package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sluice.openflow.message.FlowMod;
import org.sluice.openflow.message.FlowMod.Command;
import org.sluice.openflow.message.FlowMod.Cookie;
import org.sluice.openflow.message.OfVersion;

/** What the one cookie of a flow mod of 1.0 says: all ones leaves those of the flows alone. */
class FlowModCookieTest {
  private static Cookie sent(Command command, Cookie cookie, boolean nxm) {
    FlowMod mod = FlowMod.builder().command(command).cookie(cookie).build();
    Dialect dialect = new Dialect(OfVersion.OF10, nxm, false);
    Decoded read = OfDecoder.decode(OfEncoder.encode(mod, 1, dialect).getFirst(), false);
    Decoded.Ok ok = assertInstanceOf(Decoded.Ok.class, read);
    return assertInstanceOf(FlowMod.class, ok.message()).cookie();
  }

  @Test
  void shouldLeaveCookiesAloneWhenFlowsAreNamedByTheirs() {
    Cookie some = new Cookie(5, -1, 0, false);
    assertFalse(sent(Command.MODIFY, some, true).modify());
    assertFalse(sent(Command.MODIFY_STRICT, some, true).modify());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldBeAllowedToAddWhenNoCookieIsNamed(boolean nxm) {
    assertEquals(0, sent(Command.MODIFY, Cookie.ANY, nxm).value());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void shouldSetTheCookieThatIsNamed(boolean nxm) {
    assertEquals(7, sent(Command.MODIFY, new Cookie(0, 0, 7, true), nxm).value());
    assertEquals(7, sent(Command.ADD, new Cookie(0, 0, 7, false), nxm).value());
  }
}
