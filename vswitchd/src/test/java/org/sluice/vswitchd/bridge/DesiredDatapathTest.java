package org.sluice.vswitchd.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DesiredDatapathTest {
  private final List<String> complaints = new ArrayList<>();

  private DesiredDatapath read(String... config) {
    Map<String, String> map = config.length == 0 ? Map.of() : Map.of(config[0], config[1]);
    complaints.clear();
    return DesiredDatapath.read(map, 8, complaints);
  }

  private List<Integer> cpus(String mask) {
    return read("pmd-cpu-mask", mask).cpus();
  }

  @Test
  void shouldTakeOneThreadPerProcessorOfTheMask() {
    assertEquals(List.of(0, 2), cpus("5"));
    assertEquals(List.of(1), cpus("0x2"));
    assertEquals(List.of(4, 5, 6, 7), cpus("0XF0"));
    assertEquals(List.of(0), cpus("f".repeat(40) + "01"), "further processors are not there");
    assertEquals(List.of(), complaints);
  }

  @Test
  void shouldSayWhatIsWrongAndGoOnAsIfNothingWereSaid() {
    for (String mask : List.of("", "0x", "xyz", "-1", "1 2", "1".repeat(300), "0", "f00")) {
      assertEquals(List.of(), cpus(mask), mask);
      assertEquals(1, complaints.size(), mask);
    }
    assertTrue(complaints.getFirst().endsWith("names none of this machine's 8 processors"));
    assertEquals(DesiredDatapath.DEFAULT, read("packet-threads", "many"));
    assertEquals(
        List.of("other_config:packet-threads=many is no number from 0 to 256, using 0"),
        complaints);
    assertEquals(DesiredDatapath.DEFAULT, read("packet-threads", "257"));
    assertEquals(DesiredDatapath.DEFAULT, read("port-miss-limit", "99999999999"));
    assertEquals(DesiredDatapath.DEFAULT, read("max-idle", "-5"));
    assertEquals(1, complaints.size());
  }

  @Test
  void shouldReadTheLimits() {
    assertEquals(3, read("packet-threads", "3").threads());
    assertEquals(0, read("port-miss-limit", "0").missesPerSecond());
    assertEquals(5000, read("port-miss-limit", "5000").missesPerSecond());
    assertEquals(77, read("flow-limit", "77").policy().flowLimit());
    assertEquals(2_000_000_000L, read("max-idle", "2000").policy().maxIdleNs());
    assertEquals(DesiredDatapath.DEFAULT, read());
    assertEquals(List.of(), complaints);
  }
}
