package org.sluice.base.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class FileErrorsTest {
  @TempDir Path directory;

  private static String text(Executable failing) {
    return FileErrors.reason(assertThrows(IOException.class, failing));
  }

  @Test
  void shouldSayWhatTheLibraryOfCSays() throws Exception {
    Path binary = Files.write(directory.resolve("binary"), new byte[] {(byte) 0xff, 0});
    assertEquals("No such file or directory", text(() -> Files.size(directory.resolve("none"))));
    assertEquals("File exists", text(() -> Files.createFile(binary)));
    assertEquals("Is a directory", text(() -> Files.readString(directory)));
    assertEquals("not a text file", text(() -> Files.readString(binary)));
    assertEquals("Permission denied", FileErrors.reason(new AccessDeniedException("/file")));
    assertEquals("No space left", FileErrors.reason(new IOException("No space left")));
  }
}
