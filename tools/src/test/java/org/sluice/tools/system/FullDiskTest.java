package org.sluice.tools.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk without room: what cannot be written is refused, and what was written stays whole. */
@Timeout(120)
class FullDiskTest {
  private static final int MANY = 100;

  @TempDir Path directory;
  private Path disk;
  private Tools tools;
  private SluiceProcess sluice;

  @BeforeEach
  void mount() throws Exception {
    Tools.assumeRoot();
    Tools.assumeInstalled("mount", "umount", "ovs-vsctl", "ovsdb-tool");
    disk = Files.createDirectory(directory.resolve("disk"));
    tools = new Tools(disk);
    tools.run("mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", disk.toString());
  }

  @AfterEach
  void stop() throws Exception {
    if (sluice != null) {
      sluice.stop();
    }
    if (disk != null) {
      tools.run("umount", "--lazy", disk.toString());
    }
  }

  private void resize(String size) throws Exception {
    tools.run("mount", "-o", "remount,size=" + size, disk.toString());
  }

  private Tools.Result setId(String key, String value) throws Exception {
    return tools.attempt(
        "ovs-vsctl", "--no-wait", "set", "open_vswitch", ".", "external-ids:" + key + "=" + value);
  }

  @Test
  void shouldNameTheFileWhenTheDatabaseHasNoRoom() throws Exception {
    resize("4k");
    SluiceProcess.Ended ended = SluiceProcess.runToEnd(disk, "run", "--dir", disk.toString());
    assertEquals(1, ended.status());
    assertTrue(
        ended.errors().endsWith("/conf.db: create failed (No space left on device)\n"),
        ended.errors());
    assertFalse(Files.exists(disk.resolve("conf.db")));
  }

  @Test
  void shouldKeepTheFileWholeWhenARecordDidNotFit() throws Exception {
    sluice = SluiceProcess.start(disk, "run", "--dir", disk.toString());
    int written = 0;
    while (written < MANY && setId("k" + written, "x".repeat(600)).status() == 0) {
      written++;
    }
    assertTrue(written > 0 && written < MANY, "the disk must have been full: " + written);
    resize("200k");
    assertEquals(0, setId("after", "1").status(), "there is room again");
    sluice.kill();

    tools.run("ovsdb-tool", "show-log", disk.resolve("conf.db").toString());
    sluice = SluiceProcess.start(disk, "run", "--dir", disk.toString());
    String ids = tools.run("ovs-vsctl", "get", "open_vswitch", ".", "external-ids");
    assertTrue(ids.contains("after=\"1\""), ids);
    assertEquals(written + 1, ids.split("=").length - 1, ids);
    assertEquals(List.of(), sluice.complaints());
  }
}
