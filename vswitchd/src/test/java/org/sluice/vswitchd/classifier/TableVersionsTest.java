package org.sluice.vswitchd.classifier;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Who reads in which version, while the writer goes on. */
class TableVersionsTest {
  private final TableVersions versions = new TableVersions();

  @Test
  void shouldKeepTheVersionThatSomebodyReads() {
    versions.read(version -> {
      versions.publish();
      versions.giveUp(versions.current());
      assertTrue(versions.keeps(version));
      return null;
    });
    versions.giveUp(versions.current());
    assertFalse(versions.keeps(0));
  }

  /** A reader that began while a version was published used to be waited for for ever. */
  @Test
  void shouldForgetEachReaderHoweverFastVersionsArePublished() throws Exception {
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              while (!Thread.currentThread().isInterrupted()) {
                versions.publish();
              }
            });
    for (int i = 0; i < 1_000_000; i++) {
      versions.read(version -> version);
    }
    writer.interrupt();
    assertTrue(writer.join(Duration.ofSeconds(10)));
    versions.publish();
    versions.giveUp(versions.current());
    assertFalse(versions.keeps(versions.current() - 1), "somebody is thought to read still");
  }
}
