package org.sluice.ovsdb.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Atoms: their order, JSON and text. */
class AtomTest {
  @Test
  void shouldOrderUuidsAsUnsignedBytes() {
    Atom low = Atom.of(UUID.fromString("00000000-0000-4000-8000-000000000001"));
    Atom high = Atom.of(UUID.fromString("f0000000-0000-4000-8000-000000000000"));
    assertTrue(low.compareTo(high) < 0);
  }

  @Test
  void shouldQuoteStringsOnlyWhenTheyDoNotReadAsWords() {
    assertEquals("br0.5-x", Atom.of("br0.5-x").toText());
    assertEquals("\"\"", Atom.of("").toText());
    assertEquals("\"true\"", Atom.of("true").toText());
    assertEquals("\"1a\"", Atom.of("1a").toText());
    assertEquals("\"a b\\n\"", Atom.of("a b\n").toText());
  }

  @Test
  void shouldPrintRealsAsOvsDoes() {
    assertEquals("0.1", Atom.ofReal(0.1).toText());
    assertEquals("100", Atom.ofReal(100).toText());
    assertEquals("1e+20", Atom.ofReal(1e20).toText());
    assertEquals("1.5e-07", Atom.ofReal(1.5e-7).toText());
    assertEquals("0", Atom.ofReal(-0.0).toText());
    assertEquals("3", JsonText.of(Atom.ofReal(3.0).toJson()));
  }

  @Test
  void shouldRefuseAnythingButFullUuids() {
    assertNull(Uuids.parse("1-2-3-4-5"));
    assertNull(Uuids.parse("g0000000-0000-4000-8000-000000000000"));
    assertEquals(
        UUID.fromString("00000000-0000-4000-8000-000000000001"),
        Uuids.parse("00000000-0000-4000-8000-000000000001"));
  }
}
