package org.sluice.vswitchd.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.openflow.action.Bytes;
import org.sluice.openflow.message.OfVersion;

class ContinuationTest {
  @Test
  void shouldComeBackAsTheNumberThatItStandsFor() {
    assertEquals(0x1234_5678, Continuation.recircId(Continuation.of(0x1234_5678)));
  }

  @Test
  void shouldBeWhatOtherProgramsCanTakeApart() {
    var parts = org.sluice.openflow.codec.Continuation.decode(Continuation.of(7), OfVersion.OF13);
    assertNotNull(parts);
    assertEquals(List.of(), parts.actions());
  }

  @Test
  void shouldNotBeTakenForOneWhenItIsSomethingElse() {
    assertEquals(0, Continuation.recircId(null));
    assertEquals(0, Continuation.recircId(Bytes.of(new byte[20])));
    assertEquals(0, Continuation.recircId(Bytes.of(new byte[8])));
  }
}
