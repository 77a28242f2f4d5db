package org.sluice.openflow.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sluice.openflow.action.OfAction;
import org.sluice.openflow.message.OfVersion;

/** Instructions that were read before mean what they meant then, and only those. */
class KnownInstructionsTest {
  private static final List<OfAction> TO_2 = List.of(OfAction.Output.to(2));

  private static List<OfAction> read(byte[] bytes, OfVersion version) {
    WireReader in = new WireReader(bytes);
    List<OfAction> actions = KnownInstructions.read(in, version);
    assertEquals(0, in.left());
    return actions;
  }

  @Test
  void shouldGiveOneListForTheSameBytes() {
    byte[] bytes = ActionWire.writeInstructions(TO_2, OfVersion.OF13);
    List<OfAction> first = read(bytes, OfVersion.OF13);
    assertEquals(TO_2, first);
    assertSame(first, read(bytes.clone(), OfVersion.OF13));
  }

  @Test
  void shouldReadBytesAsTheVersionDoes() {
    byte[] meter = ActionWire.writeInstructions(List.of(new OfAction.Meter(1)), OfVersion.OF13);
    assertEquals(List.of(new OfAction.Meter(1)), read(meter, OfVersion.OF13));
    assertThrows(BadWireException.class, () -> read(meter, OfVersion.OF15));
  }

  @Test
  void shouldTellListsApartThatDifferInOneByte() {
    for (int port = 1; port < 5000; port++) {
      List<OfAction> actions = List.of(OfAction.Output.to(port), OfAction.Output.to(2));
      assertEquals(
          actions, read(ActionWire.writeInstructions(actions, OfVersion.OF13), OfVersion.OF13));
    }
  }

  @Test
  void shouldRefuseWhatIsWrongEachTime() {
    byte[] torn = ActionWire.writeInstructions(TO_2, OfVersion.OF13);
    torn[3] = 64;
    for (int i = 0; i < 2; i++) {
      assertThrows(BadWireException.class, () -> read(torn, OfVersion.OF13));
    }
  }

  @Test
  void shouldReadListsLongerThanItKeeps() {
    List<OfAction> many = new ArrayList<>();
    for (int port = 1; port <= 100; port++) {
      many.add(OfAction.Output.to(port));
    }
    byte[] bytes = ActionWire.writeInstructions(many, OfVersion.OF13);
    List<OfAction> first = read(bytes, OfVersion.OF13);
    assertEquals(many, first);
    assertSame(first, read(bytes, OfVersion.OF13));
  }

  @Test
  void shouldReadNothingAsNoActions() {
    assertEquals(List.of(), read(new byte[0], OfVersion.OF10));
    assertEquals(List.of(), read(new byte[0], OfVersion.OF13));
  }
}
