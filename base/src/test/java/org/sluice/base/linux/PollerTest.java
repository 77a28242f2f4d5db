package org.sluice.base.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import org.junit.jupiter.api.Test;

class PollerTest {
  @Test
  void shouldWakeOnceWhenWokenBeforeSleeping() throws Exception {
    try (Poller poller = new Poller(1)) {
      poller.wakeUp();
      poller.wakeUp();
      assertEquals(0, poller.await(-1), "woken, no descriptor ready");
      assertEquals(0, poller.await(0));
    }
  }

  @Test
  void shouldReportDescriptorWhenReadable() throws Exception {
    try (Poller poller = new Poller(1)) {
      int fd = (int) LinuxException.check(FileDescriptors.open("/dev/zero", 0), "open /dev/zero");
      poller.watch(-1);
      poller.watch(fd);
      assertEquals(1, poller.await(-1));
      FileDescriptors.close(fd);
    }
  }

  @Test
  void shouldNameErrnoWhenCallFails() {
    int result = FileDescriptors.open("/nonexistent/x", FileDescriptors.O_RDONLY);
    assertEquals(-Errno.ENOENT, result);
    assertEquals("ENOENT", Errno.name(-result));
    assertEquals("No such file or directory", Errno.text(-result));
    assertEquals("ECONNREFUSED", Errno.name(111));
  }

  @Test
  void shouldKnowThisProcess() {
    assertEquals(ProcessHandle.current().pid(), Processes.pid());
    assertEquals(0, Processes.kill(Processes.pid(), 0));
    BitSet nobody = new BitSet();
    assertTrue(Processes.pinThread(nobody) < 0);
  }
}
