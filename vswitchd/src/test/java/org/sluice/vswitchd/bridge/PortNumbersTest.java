package org.sluice.vswitchd.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.client.Draft;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;

/** Which OpenFlow numbers ports get, and keep. */
@Timeout(60)
class PortNumbersTest {
  @TempDir Path directory;
  private DummySwitch sluice;

  @BeforeEach
  void start() throws Exception {
    sluice = new DummySwitch(directory);
  }

  @AfterEach
  void stop() throws Exception {
    sluice.close();
  }

  private static void add(Draft draft, String name, long number) {
    draft.set(DummySwitch.addPort(draft, name), "ofport_request", Datum.of(number));
  }

  private static void ask(Draft draft, String name, long number) {
    for (Row row : draft.rows("Interface")) {
      if (row.get("name").string().equals(name)) {
        draft.set(row, "ofport_request", Datum.of(number));
      }
    }
  }

  /** Rules mean it by its number, which nobody has asked to change. */
  @Test
  void shouldKeepTheNumberOfAPortThatAnotherAsksFor() throws Exception {
    assertEquals(1, sluice.ofPort("p1"));
    sluice.change(draft -> add(draft, "q", 1));
    assertEquals(1, sluice.ofPort("p1"));
    assertEquals(2, sluice.ofPort("q"));
  }

  @Test
  void shouldGiveNumbersAsAskedToPortsThatComeTogether() throws Exception {
    sluice.change(draft -> {
      DummySwitch.addPort(draft, "a");
      add(draft, "b", 2);
      add(draft, "c", 9);
    });
    assertEquals(2, sluice.ofPort("b"));
    assertEquals(9, sluice.ofPort("c"));
    assertEquals(3, sluice.ofPort("a"));
  }

  @Test
  void shouldExchangeNumbersWhenAsked() throws Exception {
    sluice.change(draft -> add(draft, "q", 2));
    sluice.change(draft -> {
      ask(draft, "p1", 2);
      ask(draft, "q", 1);
    });
    assertEquals(2, sluice.ofPort("p1"));
    assertEquals(1, sluice.ofPort("q"));
  }
}
