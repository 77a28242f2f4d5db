package org.sluice.tools.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sluice.base.memory.OffHeap;
import org.sluice.datapath.datapath.Datapath;
import org.sluice.datapath.netdev.pcap.PcapWriter;
import org.sluice.openflow.message.OfMessage;
import org.sluice.ovsdb.client.OvsdbClient;
import org.sluice.tools.Main;
import org.sluice.vswitchd.bridge.Vswitchd;

/** The example programs, compiled and run as a reader would. */
class ExamplesTest {
  private static final Path EXAMPLES = Path.of("..", "examples").toAbsolutePath().normalize();
  private static final Path JDK = Path.of(System.getProperty("java.home"), "bin");

  @TempDir Path folder;

  /** Where a class of each module, and of each library, was loaded from. */
  private static String modulePath() {
    return Stream.of(
            OffHeap.class,
            Datapath.class,
            OfMessage.class,
            OvsdbClient.class,
            Vswitchd.class,
            Main.class,
            picocli.CommandLine.class,
            com.fasterxml.jackson.databind.ObjectMapper.class,
            com.fasterxml.jackson.core.JsonFactory.class,
            com.fasterxml.jackson.annotation.JsonProperty.class)
        .map(ExamplesTest::location)
        .collect(Collectors.joining(":"));
  }

  private static String location(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    byte[] output = process.getInputStream().readAllBytes();
    String text = new String(output, StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  @Test
  void shouldTrackACaptureWithoutASwitch() throws IOException, InterruptedException {
    String output =
        run(
            List.of(
                JDK.resolve("java").toString(),
                "--enable-native-access=org.sluice.base",
                "-p",
                modulePath(),
                "--add-modules",
                "org.sluice.datapath",
                EXAMPLES.resolve("tracker/TrackCapture.java").toString(),
                EXAMPLES.resolve("firewall/captures/ftp-passive/client.pcap").toString()));
    assertTrue(output.contains("packet new|trk\n  NEW tcp,orig=(src=10.77.0.1"), output);
  }

  @Test
  void shouldDropWhatTheExamplesHookRefuses() throws IOException, InterruptedException {
    Path build = folder.resolve("build");
    Path sources = EXAMPLES.resolve("hook/org.example.hook");
    run(
        List.of(
            JDK.resolve("javac").toString(),
            "-d",
            build.toString(),
            "-p",
            modulePath(),
            sources.resolve("module-info.java").toString(),
            sources.resolve("org/example/hook/TelnetHook.java").toString()));
    assertTrue(replay(modulePath()).contains("port 2"), "without the hook");
    assertTrue(replay(modulePath() + ":" + build).contains("datapath_drop_hook"), "with the hook");
  }

  /** What replay says of a SYN to port 23. */
  private String replay(String path) throws IOException, InterruptedException {
    Path capture = folder.resolve("telnet.pcap");
    try (PcapWriter writer = PcapWriter.create(capture)) {
      writer.write(0, telnet());
    }
    Path flows = Files.writeString(folder.resolve("flows"), "in_port=1,actions=output:2\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                JDK.resolve("java").toString(),
                "--enable-native-access=org.sluice.base,org.sluice.datapath,org.sluice.tools",
                "-p",
                path,
                "-m",
                "org.sluice.tools/org.sluice.tools.Main"));
    command.addAll(
        List.of(
            "replay",
            "--packets",
            "--flows",
            flows.toString(),
            "--in",
            "1=" + capture,
            "--in",
            "2=" + capture,
            "--out",
            folder.resolve("out").toString()));
    return run(command);
  }

  private static byte[] telnet() {
    byte[] frame = new byte[60];
    frame[12] = 8;
    frame[14] = 0x45;
    frame[17] = 40;
    frame[22] = 64;
    frame[23] = 6;
    frame[26] = 10;
    frame[30] = 10;
    frame[33] = 1;
    frame[34] = 4;
    frame[37] = 23;
    frame[46] = 0x50;
    frame[47] = 2;
    return frame;
  }
}
