package org.sluice.vswitchd.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.ovsdb.client.Snapshot;
import org.sluice.ovsdb.data.Datum;
import org.sluice.ovsdb.transaction.Row;

/** What the table {@code Controller} says of those who are there and of those who are not. */
@Timeout(60)
class ControllerRowsTest {
  @TempDir Path directory;

  private static Map<String, String> status(Snapshot database) {
    return database.onlyRow("Controller").get("status").stringMap();
  }

  @Test
  void shouldSayWhySinceWhenAControllerIsAway() throws Exception {
    try (DummySwitch sluice = new DummySwitch(directory)) {
      sluice.change(draft -> {
        Row controller = draft.insert("Controller");
        draft.set(controller, "target", Datum.of("unix:" + directory.resolve("nobody")));
        draft.set(draft.rows("Bridge").getFirst(), "controller", Datum.of(controller.uuid()));
      });
      sluice.await(database -> status(database).containsKey("sec_since_disconnect"));

      Map<String, String> status = status(sluice.database());
      assertEquals("0", status.get("sec_since_disconnect"));
      assertFalse(status.containsKey("sec_since_connect"), "it has never been there");
    }
  }
}
