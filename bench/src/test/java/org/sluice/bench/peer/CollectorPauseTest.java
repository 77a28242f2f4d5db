package org.sluice.bench.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorPauseTest {
  @TempDir private Path folder;

  @Test
  void shouldReadHowLongEachPauseTook() throws IOException {
    Files.writeString(
        folder.resolve("gc-7.log"),
        """
        [0.010s][info][gc] Using G1
        [3.200s][info][gc] GC(0) Pause Young (Normal) (G1 Evacuation Pause) 24M->5M(120M) 3.456ms
        [3.300s][info][gc] GC(1) Concurrent Mark Cycle 8.001ms
        [3.400s][info][gc] GC(1) Pause Remark 6M->6M(40M) 0.500ms
        """);
    assertEquals(
        List.of(
            new CollectorPause("Pause Young (Normal) (G1 Evacuation Pause)", 3.456),
            new CollectorPause("Pause Remark", 0.5)),
        CollectorPause.told(folder, 7));
    assertEquals(List.of(), CollectorPause.told(folder, 8));
  }

  @Test
  void shouldKeepOptionsThatWereGiven() {
    assertEquals("-Xlog:gc:file=/x/gc-%p.log", CollectorPause.options(null, Path.of("/x")));
    assertEquals("-ea -Xlog:gc:file=/x/gc-%p.log", CollectorPause.options("-ea", Path.of("/x")));
  }
}
