package org.sluice.base.json;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

class JsonStartTest {
  @Test
  void shouldEndAndLeaveJsonReady() throws Exception {
    JsonStart start = new JsonStart();
    start.await();
    assertEquals(1, new ObjectMapper().readTree("[1]").get(0).intValue());
  }
}
