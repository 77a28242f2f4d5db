package org.sluice.tools.vsctl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Who has called this program, for the database's history. Stateless. */
final class ParentProcess {
  private ParentProcess() {}

  /** The parent's program and number, such as {@code /bin/sh (pid 17)}. */
  static String describe() {
    long pid = ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(0L);
    return (pid == 0 ? "init" : program(pid)) + " (pid " + pid + ")";
  }

  private static String program(long pid) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline"));
      String words = new String(line, StandardCharsets.UTF_8);
      int end = words.indexOf('\0');
      return end < 0 ? words : words.substring(0, end);
    } catch (IOException _) {
      return "";
    }
  }
}
