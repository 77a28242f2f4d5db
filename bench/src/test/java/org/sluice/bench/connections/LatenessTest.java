package org.sluice.bench.connections;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Times in milliseconds; what this thread waits for a processor makes its own lateness less. */
class LatenessTest {
  private static final long MS = 1_000_000;

  private final Lateness idle = new Lateness(null);
  private final Lateness busy = new Lateness(idle);

  @BeforeEach
  void begin() throws IOException {
    idle.begin();
    busy.begin();
  }

  @AfterEach
  void end() throws IOException {
    idle.end();
    busy.end();
  }

  @Test
  void shouldTellTheWorstSinceItWasAsked() throws IOException {
    busy.note(100 * MS, 103 * MS);
    busy.note(200 * MS, 207 * MS);
    busy.note(300 * MS, 301 * MS);
    assertEquals(7, busy.take().ms());
    assertEquals(0, busy.take().ms());
  }

  @Test
  void shouldLeaveOutOfAStepWhatTheIdleThreadWasLateMeanwhile() throws IOException {
    idle.note(100 * MS, 140 * MS);
    busy.note(120 * MS, 120 * MS);
    busy.noteStep(120 * MS, 150 * MS);
    double ms = busy.take().stepMs();
    assertTrue(ms <= 10, ms + " ms");
  }

  @Test
  void shouldLeaveOutOfAStepWhatTheIdleThreadIsStillLate() throws IOException {
    idle.expect(125 * MS);
    busy.note(120 * MS, 120 * MS);
    busy.noteStep(120 * MS, 150 * MS);
    double ms = busy.take().stepMs();
    assertTrue(ms <= 5, ms + " ms");
  }
}
