package org.sluice.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MainTest {
  @RegisterExtension final CapturedErrors errors = new CapturedErrors();

  @Test
  void shouldSayThatThereIsNotEnoughMemoryInOneLine() throws Exception {
    Command greedy =
        new Command() {
          @Override
          public String name() {
            return "greedy";
          }

          @Override
          public String summary() {
            return "wants more than there is";
          }

          @Override
          public int run(String[] arguments) {
            throw new OutOfMemoryError("Java heap space");
          }
        };
    assertEquals(1, new Main(List.of(greedy)).dispatch(new String[] {"greedy"}));
    assertEquals("greedy: virtual memory exhausted\n", errors.text());
  }
}
