package org.sluice.ovsdb.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class IntakeTest {
  private static final int MEGABYTE = 1 << 20;

  private final Intake intake = new Intake(10 * MEGABYTE);
  private final List<String> disconnected = new ArrayList<>();

  private Intake.Sender sender(String name) {
    return why -> disconnected.add(name + ": " + why);
  }

  @Test
  void shouldDisconnectWhoSentMostWhenAllTogetherSendTooMuch() {
    Intake.Sender great = sender("great");
    Intake.Sender small = sender("small");
    intake.hold(small, 2 * MEGABYTE);
    intake.hold(great, 4 * MEGABYTE);
    intake.hold(great, 8 * MEGABYTE);
    assertEquals(List.of(), disconnected);
    intake.hold(sender("late"), 5 * MEGABYTE);
    assertEquals(
        List.of(
            "great: 15728640 bytes of unfinished messages have come, disconnecting who sent most"),
        disconnected);
  }

  @Test
  void shouldForgetWhatIsFinishedAndNotCountWhatIsShort() {
    for (int i = 0; i < 100; i++) {
      intake.hold(sender("short"), MEGABYTE);
      Intake.Sender done = sender("done");
      intake.hold(done, 6 * MEGABYTE);
      intake.hold(done, 0);
      Intake.Sender gone = sender("gone");
      intake.hold(gone, 6 * MEGABYTE);
      intake.release(gone);
    }
    assertEquals(List.of(), disconnected);
  }
}
